import { Channel } from '../adapters/channel.js';
import { identityOf, normalizeIdentity, spellingsOfNumber } from './identity.js';

describe('identityOf', () => {
  it.each([
    [Channel.SMS, '+12025550147', { kind: 'PHONE', value: '+12025550147' }],
    [Channel.VOICE, '+1 (202) 555-0147', { kind: 'PHONE', value: '+12025550147' }],
    [Channel.SMS, '24273', { kind: 'PHONE', value: '24273' }],
    [Channel.SMS, '112', { kind: 'PHONE', value: '112' }],
    [Channel.SMS, 'AMAZON', { kind: 'PHONE', value: 'AMAZON' }],
    [Channel.EMAIL, 'Ana@Cliente.Example', { kind: 'EMAIL', value: 'ana@cliente.example' }],
    [Channel.EMAIL, 'p1@xn--mnchen-3ya.Example', { kind: 'EMAIL', value: 'p1@münchen.example' }],
    [Channel.EMAIL, 'P1@MÜNCHEN.example', { kind: 'EMAIL', value: 'p1@münchen.example' }],
    [Channel.EMAIL, 'p@gmail.com/ü.example', { kind: 'EMAIL', value: 'p@gmail.com/ü.example' }],
    [Channel.EMAIL, 'p@１.１', { kind: 'EMAIL', value: 'p@１.１' }],
    [Channel.EMAIL, 'mu\u0308ller@cliente.example', { kind: 'EMAIL', value: 'müller@cliente.example' }],
    [Channel.WHATSAPP, '+12025550147', { kind: 'PHONE', value: '+12025550147' }],
    [Channel.WHATSAPP, 'US.13491208655302741918', { kind: 'WHATSAPP_BSUID', value: 'US.13491208655302741918' }],
    [Channel.WHATSAPP, 'US.ENT.1349', { kind: 'WHATSAPP_BSUID', value: 'US.ENT.1349' }],
  ])('of %s %s', (channel, address, identity) => expect(identityOf(channel, address)).toEqual(identity));

  it.each([
    'anonymous',
    'No Caller ID',
    '+17378742833',
    '+1266696687',
    'anonymous@anonymous.invalid',
    'Anonymous',
    'RESTRICTED',
    'unavailable',
    '+266696687',
    '+86282452253',
    '+7378742833',
    '+1',
    '+',
    'client:ana',
    'sip:ana@pbx.example',
    '',
  ])('is nobody for a caller "%s"', (address) => expect(identityOf(Channel.VOICE, address)).toBeUndefined());

  it.each(['no address', '@', '', 'a@b@c'])('is nobody for an email "%s"', (address) =>
    expect(identityOf(Channel.EMAIL, address)).toBeUndefined(),
  );
});

describe('normalizeIdentity', () => {
  it.each([
    ['Mexico', '+5215512345678', '+525512345678'],
    ['Argentina', '+5491123456789', '+541123456789'],
    ['Brazil', '+551187654321', '+5511987654321'],
  ])('knows the two numbers of one mobile in %s', (_country, old, today) => {
    expect(normalizeIdentity({ kind: 'PHONE', value: old })).toEqual(normalizeIdentity({ kind: 'PHONE', value: today }));
  });

  it.each(['+551132123456', '+5511987654321', '+525512345678', '+541123456789', '+12025550147'])('leaves %s as it is', (value) =>
    expect(normalizeIdentity({ kind: 'PHONE', value })).toEqual({ kind: 'PHONE', value }),
  );
});

describe('spellingsOfNumber', () => {
  it.each([[['+5215512345678', '+525512345678']], [['+5491123456789', '+541123456789']], [['+551187654321', '+5511987654321']]])(
    'of each of %j gives both',
    (both) => {
      for (const number of both) expect([...spellingsOfNumber(number)].sort()).toEqual([...both].sort());
    },
  );

  it.each(['+551132123456', '+12025550147', '24273', 'ana@cliente.example'])('of %s gives it alone', (value) =>
    expect(spellingsOfNumber(value)).toEqual([value]),
  );
});
