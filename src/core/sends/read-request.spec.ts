import { CodedError } from '../../platform/errors/coded-error.js';
import { chooseSender } from './choose-sender.js';
import { readRequest } from './read-request.js';
import { type SendRequest } from './send-request.js';
import { refused } from './sends.errors.js';
import { filled, misfitOf, readVariables } from './template-variables.js';

const sms = (change: Partial<SendRequest> = {}): SendRequest => ({
  organizationId: 'o',
  channel: 'SMS',
  input: {},
  to: ['+34600123456'],
  body: 'hola',
  ...change,
});
const email = (change: Partial<SendRequest> = {}): SendRequest =>
  sms({ channel: 'EMAIL', to: ['Ana@Cliente.example'], subject: 'asunto', ...change });

function fieldOf(request: SendRequest): unknown {
  try {
    readRequest(request);
    return undefined;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    expect(error.code).toBe('BAD_USER_INPUT');
    expect(error.message).toContain(String(error.details.field));
    return error.details.field;
  }
}

describe('a request to send', () => {
  it.each<[string, SendRequest]>([
    ['to', sms({ to: ['x'] })],
    ['to', sms({ to: ['+12'] })],
    ['to', sms({ channel: 'WHATSAPP', to: ['12345'] })],
    ['to', email({ to: [] })],
    ['to.1', email({ to: ['ana@cliente.example', 'ANA@cliente.example'] })],
    ['to.0', email({ to: ['ana@cliente'] })],
    ['to', email({ to: ['a@x.example', 'b@x.example'], mail: { cc: ['c@x.example'] } })],
    ['cc.0', email({ mail: { cc: ['nobody'] } })],
    ['replyTo', email({ mail: { replyTo: 'x' } })],
    ['html', email({ body: null, mail: { html: '<p></p>' } })],
    ['subject', email({ subject: ' ' })],
    ['html', email({ body: null, mail: { html: '<br>'.repeat(70_000) } })],
    ['html', email({ mail: { html: '<div>'.repeat(600) } })],
    ['subject', email({ subject: 'a\nBcc: x@x.example' })],
    ['text', email({ body: ' ' })],
    ['body', sms({ body: null })],
    ['mediaUrls.0', sms({ mediaUrls: ['http://example.com/a.png'] })],
    ['mediaUrls.0', sms({ mediaUrls: ['https://user:pw@example.com/a.png'] })],
    ['mediaUrls.1', sms({ mediaUrls: ['https://example.com/a.png', 'https://localhost/a.png'] })],
    ['mediaUrls', sms({ mediaUrls: Array<string>(11).fill('https://example.com/a.png') })],
    ['template', sms({ channel: 'WHATSAPP', template: { id: 'HX1' } })],
    ['mediaUrls', sms({ channel: 'WHATSAPP', body: null, template: { id: 'HX1' }, mediaUrls: ['https://example.com/a.png'] })],
    ['mediaIds', sms({ channel: 'WHATSAPP', body: null, template: { id: 'HX1' }, mediaIds: ['1'] })],
    ['template.variables', sms({ channel: 'WHATSAPP', body: null, template: { id: 'HX1', variables: { 1: {} } } })],
    ['template.id', sms({ channel: 'WHATSAPP', body: null, template: { id: ' ' } })],
    ['say', sms({ channel: 'VOICE', body: null, call: { agent: null, say: ' ', record: false } })],
    ['agent', sms({ channel: 'VOICE', body: null, call: { agent: 'x', say: null, record: false } })],
    ['agent', sms({ to: ['+34600000001'], channel: 'VOICE', body: null, call: { agent: '0034 600 000 001', say: null, record: false } })],
    ['idempotencyKey', sms({ idempotencyKey: '' })],
    ['idempotencyKey', sms({ idempotencyKey: 'x'.repeat(256) })],
    ['metadata', sms({ metadata: [1] })],
    ['metadata', sms({ metadata: { a: 'x'.repeat(20_000) } })],
  ])('that is not right in %s is told so by that name', (field, request) => {
    expect(fieldOf(request)).toBe(field);
  });

  it('is read as it will be stored: addresses in one spelling, what cannot be stored replaced', () => {
    expect(readRequest(sms({ to: ['0034 600-12 34.56'], body: 'a\0b' }))).toMatchObject({ recipients: ['+34600123456'], body: 'a\ufffdb' });
    expect(readRequest(email({ body: null, mail: { html: '<p>Hola <b>Ana</b></p>' } }))).toMatchObject({
      recipients: ['ana@cliente.example'],
      body: 'Hola Ana',
      mail: { html: '<p>Hola <b>Ana</b></p>', cc: [], bcc: [], replyTo: null },
    });
  });

  it.each([
    'https://example.com/a b.png',
    'https://user:pw@example.com/a.png',
    `https://example.com/${'a'.repeat(2_000)}`,
    'https://10.0.0.1/a.png',
  ])('with a link that nobody may fetch is told all that one has to be: %#', (link) => {
    expect(() => readRequest(sms({ mediaUrls: [link] }))).toThrow(
      'mediaUrls.0 must be a public link that begins with https://, of at most 2000 characters, without spaces or credentials.',
    );
  });

  it('that calls by an agent says nothing to whom it calls', () => {
    const call = { agent: '+34600000001', say: 'Hola', record: false };
    const read = readRequest(sms({ channel: 'VOICE', body: 'Hola', call }));
    expect([read.body, read.call]).toEqual([null, { agent: '+34600000001', say: null, record: false }]);
  });

  it('that calls by an agent says so in its metadata', () => {
    const call = { agent: '+34600000001', say: null, record: false };
    expect(readRequest(sms({ channel: 'VOICE', body: null, call, metadata: { a: 1 } })).metadata).toEqual({ a: 1, agent: '+34600000001' });
  });

  it('of an email says in its metadata who has a copy, and nobody who has none', () => {
    const metadata = { a: 1, cc: 'ghost@x.example', bcc: ['ghost@x.example'] };
    expect(readRequest(email({ metadata })).metadata).toEqual({ a: 1 });
    expect(readRequest(email({ metadata, mail: { cc: ['c@x.example'] } })).metadata).toEqual({ a: 1, cc: 'c@x.example' });
    expect(readRequest(sms({ metadata })).metadata).toEqual(metadata);
  });

  it('says in its metadata what leaves and has no other place: links, and whom to answer', () => {
    const mediaUrls = ['https://example.com/a.png'];
    expect(readRequest(sms({ mediaUrls, metadata: { mediaUrls: [], a: 1 } })).metadata).toEqual({ mediaUrls, a: 1 });
    expect(readRequest(email({ mail: { replyTo: 'Vuelve@x.example' } })).metadata).toEqual({ replyTo: 'vuelve@x.example' });
  });

  it('says there nothing that does not leave, whatever its sender calls so', () => {
    const metadata = { mediaUrls: ['x'], replyTo: 'x', agent: 'x', template: { id: 'x' }, cc: 'x', bcc: 'x' };
    const namesOf = (request: SendRequest) => Object.keys(readRequest(request).metadata);
    expect(namesOf(sms({ metadata }))).toEqual(['replyTo', 'agent', 'template', 'cc', 'bcc']);
    expect(namesOf(sms({ channel: 'WHATSAPP', metadata }))).toEqual(['replyTo', 'agent', 'cc', 'bcc']);
    expect(namesOf(email({ metadata }))).toEqual(['mediaUrls', 'agent', 'template']);
    const call = { agent: null, say: 'hola', record: false };
    expect(namesOf(sms({ channel: 'VOICE', body: null, call, metadata }))).toEqual(['mediaUrls', 'replyTo', 'template', 'cc', 'bcc']);
  });

  it('may leave until the year 9999 is over, and not after', () => {
    expect(fieldOf(sms({ sendAt: new Date('9999-12-31T23:59:59.999Z') }))).toBeUndefined();
    expect(fieldOf(sms({ sendAt: new Date('+010000-01-01T00:00:00Z') }))).toBe('sendAt');
  });
});

describe('the sender of a send', () => {
  const senders = [
    { channel: 'EMAIL', address: 'norte.example', provider: 'SENDGRID' },
    { channel: 'SMS', address: '+15005550006', provider: 'TWILIO' },
    { channel: 'SMS', address: 'MG0123456789abcdef0123456789abcdef', provider: 'TWILIO' },
    { channel: 'EMAIL', address: 'hola@norte.example', provider: 'SENDGRID' },
    { channel: 'WHATSAPP', address: '106540352242922', provider: 'META' },
  ];
  it.each([
    ['SMS', null, '+15005550006'],
    ['SMS', 'MG0123456789abcdef0123456789abcdef', 'MG0123456789abcdef0123456789abcdef'],
    ['SMS', '+1 (500) 555-0006', '+15005550006'],
    ['EMAIL', null, 'hola@norte.example'],
    ['EMAIL', 'Ventas@Norte.example', 'ventas@norte.example'],
    ['WHATSAPP', '106540352242922', '106540352242922'],
  ] as const)('on %s, asked for %s, is %s', (channel, from, expected) => {
    expect(chooseSender(channel, senders, from)).toMatchObject({ from: expected });
  });

  it.each([
    ['SMS', '+15005550007'],
    ['EMAIL', 'hola@sur.example'],
    ['EMAIL', 'hola@sub.norte.example'],
    ['VOICE', null],
  ] as const)('on %s, asked for %s, is nobody', (channel, from) => {
    expect(chooseSender(channel, senders, from)).toHaveProperty('problem', {
      en: expect.stringContaining('from'),
      es: expect.stringContaining('from'),
    });
  });
});

describe("a template's places", () => {
  const template = { id: 'HX1', name: 'cita', language: 'es', body: 'Hola {{1}}, el {{ día }}.', variables: ['1'], approved: true };
  it('are filled by name, or by number from a list', () => {
    expect(readVariables(['Ana', 7])).toEqual({ 1: 'Ana', 2: '7' });
    expect([readVariables('x'), readVariables({ 1: null }), readVariables(null)]).toEqual([undefined, undefined, {}]);
    expect(filled({ ...template, body: 'Hola {{1}}, {{x}}' }, { 1: 'Ana' })).toBe('Hola Ana, {{x}}');
  });

  it('that are missing or none of it are named', () => {
    expect(misfitOf(template, { 1: 'Ana' })).toBeUndefined();
    expect(misfitOf(template, { 1: '', 2: 'x' })).toEqual({ missing: '1', unknown: '2' });
  });

  it('that are outside its text, which is all that is filled, are named in both languages', () => {
    const details = misfitOf({ ...template, unfillable: ['HEADER IMAGE', 'BUTTONS URL'] }, { 1: 'Ana' })!;
    expect(details).toEqual({ unfillable: 'HEADER IMAGE, BUTTONS URL' });
    for (const language of ['en', 'es'] as const)
      expect(refused({ code: 'TEMPLATE_INVALID', details }, language)).toMatchObject({
        code: 'TEMPLATE_INVALID',
        message: expect.stringMatching(/: HEADER IMAGE, BUTTONS URL\. \w/),
        details,
      });
  });
});
