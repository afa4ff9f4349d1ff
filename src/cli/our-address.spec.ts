import { chooseAddress, ourAddresses } from './our-address.js';

const sender = (address: string, channel = 'SMS', provider = 'TWILIO') => ({ address, channel, provider });
const SMS = { channel: 'SMS', provider: 'TWILIO' } as const;

describe('the addresses where a channel arrives through a provider', () => {
  it('begin with those of organization 1', () => {
    const organizations = [
      { id: 'norte', senders: [sender('+12025550110')] },
      { id: '1', senders: [sender('+12025550120')] },
    ];
    expect(ourAddresses(organizations, SMS)).toEqual([
      { organizationId: '1', address: '+12025550120' },
      { organizationId: 'norte', address: '+12025550110' },
    ]);
  });

  it('are neither words nor short codes, nor of another channel or provider', () => {
    const senders = [sender('NORTE'), sender('12345'), sender('+12025550110', 'VOICE'), sender('106540352242922', 'SMS', 'META')];
    expect(ourAddresses([{ id: '1', senders }], SMS)).toEqual([]);
  });

  it('are of WhatsApp at Meta the ids of numbers', () => {
    const senders = [sender('+12025550110', 'WHATSAPP'), sender('106540352242922', 'WHATSAPP', 'META')];
    expect(ourAddresses([{ id: '1', senders }], { channel: 'WHATSAPP', provider: 'META' })).toEqual([
      { organizationId: '1', address: '106540352242922' },
    ]);
  });
});

describe('the address something is sent to', () => {
  const ours = [
    { organizationId: '1', address: 'hello@uno.example' },
    { organizationId: 'norte', address: 'norte.example' },
  ];

  it.each([
    [undefined, ours[0]],
    ['HELLO@uno.example', { organizationId: '1', address: 'HELLO@uno.example' }],
    ['anybody@norte.example', { organizationId: 'norte', address: 'anybody@norte.example' }],
    ['norte.example', { organizationId: 'norte', address: 'hello@norte.example' }],
    ['other@uno.example', undefined],
    ['norte.example.com', undefined],
  ])('%s is that of its owner', (to, chosen) => expect(chooseAddress(ours, to)).toEqual(chosen));

  it('is one in the domain, where a domain is all there is', () => {
    expect(chooseAddress([ours[1]!], undefined)).toEqual({ organizationId: 'norte', address: 'hello@norte.example' });
  });

  it('is none where nobody has any', () => expect(chooseAddress([], undefined)).toBeUndefined());
});
