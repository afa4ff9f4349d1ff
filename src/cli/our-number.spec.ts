import { ourNumbers } from './our-number.js';

const sender = (address: string, channel = 'SMS', provider = 'TWILIO') => ({ address, channel, provider });

describe('the numbers that receive SMS through Twilio', () => {
  it('begin with those of organization 1', () => {
    const organizations = [
      { id: 'norte', senders: [sender('+12025550110')] },
      { id: '1', senders: [sender('+12025550120')] },
    ];
    expect(ourNumbers(organizations, 'SMS')).toEqual([
      { organizationId: '1', number: '+12025550120' },
      { organizationId: 'norte', number: '+12025550110' },
    ]);
  });

  it('are neither words nor short codes, nor of another channel or provider', () => {
    const senders = [sender('NORTE'), sender('12345'), sender('+12025550110', 'VOICE'), sender('+12025550110', 'SMS', 'META')];
    expect(ourNumbers([{ id: '1', senders }], 'SMS')).toEqual([]);
  });
});
