import { sendingOrganization } from './sending-organization.js';

const organization = (id: string, ...senders: [channel: string, address: string][]) => ({
  id,
  senders: senders.map(([channel, address]) => ({ channel, address, provider: 'TWILIO' })),
});

describe('Who sends where nobody was named', () => {
  const all = [
    organization('0', ['EMAIL', 'example.com']),
    organization('1', ['SMS', '+12025550110'], ['EMAIL', 'hello@example.org']),
    organization('2', ['SMS', '+12025550111']),
  ];

  it.each<[string, string | undefined, string, string]>([
    ['SMS', undefined, '1', 'of several the seeded one'],
    ['SMS', '+12025550111', '2', 'who owns the address'],
    ['EMAIL', 'Ana@Example.com', '0', 'who owns the domain'],
    ['EMAIL', undefined, '1', 'of several the seeded one'],
    ['WHATSAPP', undefined, '1', 'where nobody could, the seeded one, which is told what it lacks'],
  ])('%s from %s: %s, %s', (channel, from, id) => {
    expect(sendingOrganization(all, channel, from)).toBe(id);
  });

  it('is not clear among several without the seeded one, or where there is none', () => {
    expect(sendingOrganization([organization('a', ['SMS', '+1']), organization('b', ['SMS', '+2'])], 'SMS', undefined)).toBeUndefined();
    expect(sendingOrganization([], 'SMS', undefined)).toBeUndefined();
  });
});
