import { readSendInput, readWait, saidOfOption, type SendKind, type SendOptions } from './send-input.js';

const NOW = new Date('2026-11-25T12:00:00Z');
const TO = '+12025550147';
const read = (kind: SendKind, options: Partial<SendOptions>) => readSendInput(kind, { to: [TO], wait: '60', ...options }, NOW);
const bare = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('What is typed behind `send`', () => {
  it.each<[SendKind, Partial<SendOptions>, object]>([
    ['sms', { body: 'hola' }, { to: TO, body: 'hola' }],
    ['sms', { body: 'hola', media: ['https://a.example/b.png'] }, { to: TO, body: 'hola', mediaUrls: ['https://a.example/b.png'] }],
    ['sms', { body: 'hola', at: '2026-11-26T09:00+01:00' }, { to: TO, body: 'hola', sendAt: '2026-11-26T08:00:00.000Z' }],
    ['whatsapp', { body: 'hola', from: '+12025550120' }, { to: TO, body: 'hola', from: '+12025550120' }],
    [
      'whatsapp',
      { template: 'hello', language: 'en', variables: '["Ana"]' },
      { to: TO, template: { id: 'hello', language: 'en', variables: ['Ana'] } },
    ],
    [
      'email',
      { to: ['a@b.example', 'c@d.example'], subject: 's', text: 't' },
      { to: ['a@b.example', 'c@d.example'], subject: 's', text: 't' },
    ],
    [
      'email',
      { subject: 's', body: 't', html: '<p>t', cc: ['e@f.example'] },
      { to: [TO], cc: ['e@f.example'], subject: 's', text: 't', html: '<p>t' },
    ],
    ['call', { agent: '+12025550110', record: true }, { to: TO, agent: '+12025550110', record: true }],
  ])('%s %j is the input of its mutation', (kind, options, input) => {
    expect(bare(read(kind, options))).toEqual(input);
  });

  it.each<[SendKind, Partial<SendOptions>, string]>([
    ['sms', { to: [TO, '+12025550148'] }, '--to takes one address here'],
    ['sms', { at: 'tomorrow' }, '--at takes a time such as'],
    ['sms', { at: '2026-11-25T11:59:59Z' }, '--at is in the past'],
    ['whatsapp', { template: 'HX1', variables: '{1: Ana}' }, '--variables takes JSON'],
    ['whatsapp', { variables: '{}' }, 'for a --template'],
    ['email', { text: 'a', body: 'b' }, '--text and --body are the same'],
  ])('%s %j ends with a line that says what is wrong', (kind, options, words) => {
    expect(() => read(kind, options)).toThrow(words);
  });

  it('is waited for as long as it says, or not', () => {
    expect([readWait({ wait: '60' }), readWait({ wait: false })]).toEqual([60_000, undefined]);
    expect(() => readWait({ wait: 'long' })).toThrow('--wait takes a whole number of seconds, not long.');
  });

  it.each([
    ['to must be a phone number.', 'to', '--to must be a phone number.'],
    ['to.1 is there twice.', 'to.1', '--to is there twice.'],
    ['mediaUrls.0 must be a public link.', 'mediaUrls.0', '--media must be a public link.'],
    ['template.variables must be an object.', 'template.variables', '--variables must be an object.'],
    ['This key was used before.', 'idempotencyKey', 'This key was used before.'],
    ['Something else.', undefined, 'Something else.'],
  ])('%s: is said of the option', (reason, field, said) => {
    expect(saidOfOption(reason, field)).toBe(said);
  });
});
