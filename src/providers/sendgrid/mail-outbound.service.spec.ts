import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ProviderStub, type StubAnswer } from '../../../test/support/provider-stub.js';
import { FileGone, type Outbound } from '../../core/adapters/outbound.js';
import { type ProviderAccountsService } from '../../core/organizations/provider-accounts.service.js';
import { readConfig } from '../../platform/config/read-config.js';
import { Unavailable } from '../../platform/errors/unavailable.js';
import { WebClient } from '../../platform/http/web-client.service.js';
import { explainDeliveryError } from './delivery-errors.js';
import { MailOutbound } from './mail-outbound.service.js';
import { SENDGRID_ACCOUNT } from './sendgrid-account.js';
import { SendGridConfig } from './sendgrid.config.js';
import { emailReference } from '../../core/adapters/email-reference.js';

const KEY = 'SG.the-key-of-the-environment';
const ID = 'kXqWn5vbQ0Cdbzj5xJHXoQ';
const MAIL: Outbound = {
  notAfter: new Date(8.64e15),
  activityId: '0190c3f0-0000-7000-8000-000000000001',
  from: 'hello@example.com',
  to: 'Ana@Cliente.example',
  subject: 'Su pedido {{1}}',
  body: 'texto ñ',
  files: [],
  answers: null,
};

let sendgrid: ProviderStub;
beforeAll(async () => (sendgrid = await ProviderStub.start()));
afterAll(() => sendgrid.close());
beforeEach(() => {
  sendgrid.requests.length = 0;
  sendgrid.answer = { status: 202, headers: { 'X-Message-Id': ID } };
});

const NO_ACCOUNTS: Pick<ProviderAccountsService, 'secretsOf'> = { secretsOf: () => Promise.resolve(undefined) };

function outbound({ base = sendgrid.url, accounts = NO_ACCOUNTS, deadlineMs = 5_000 } = {}): MailOutbound {
  const config = readConfig(SendGridConfig, { SENDGRID_API_KEY: KEY, SENDGRID_BASE_URL: base });
  return new MailOutbound(config, accounts as ProviderAccountsService, new WebClient(deadlineMs));
}
const send = (changes: Partial<Outbound> = {}, of?: Parameters<typeof outbound>[0], account = SENDGRID_ACCOUNT) =>
  outbound(of).send({ ...MAIL, ...changes }, account);
const asked = () => sendgrid.requests[0]!;
const json = () => JSON.parse(asked().body) as Record<string, unknown>;

describe('what SendGrid is asked', () => {
  it('a mail goes by the official client, once; its id and recipient name it', async () => {
    expect(await send()).toEqual({ kind: 'ACCEPTED', externalId: ID, reference: emailReference(ID, 'ana@cliente.example') });
    expect(sendgrid.requests).toHaveLength(1);
    expect(asked()).toMatchObject({ method: 'POST', url: '/v3/mail/send' });
    expect(asked().headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^sendgrid\//),
    });
    expect(json()).toEqual({
      personalizations: [{ to: [{ email: MAIL.to }], custom_args: { centralita_activity: MAIL.activityId } }],
      from: { email: MAIL.from },
      subject: MAIL.subject,
      content: [{ type: 'text/plain', value: MAIL.body }],
    });
  });

  it('with everything a mail can have', async () => {
    const mail = { html: '<b>{{2}}</b>', cc: ['c@x.example'], bcc: ['b@x.example'], replyTo: 'vuelve@x.example' };
    const file = {
      fileName: 'año.pdf',
      contentType: 'application/pdf',
      sizeBytes: 3,
      url: 'https://hub.example.com/media/1',
      read: () => Promise.resolve(Buffer.from([0xff, 0, 0x80])),
    };
    await send({ mail, files: [file, { ...file, fileName: null }], answers: 'abc@mail.example' });
    expect(json()).toEqual({
      personalizations: [
        {
          to: [{ email: MAIL.to }],
          cc: [{ email: 'c@x.example' }],
          bcc: [{ email: 'b@x.example' }],
          custom_args: { centralita_activity: MAIL.activityId },
        },
      ],
      from: { email: MAIL.from },
      reply_to: { email: 'vuelve@x.example' },
      subject: MAIL.subject,
      content: [
        { type: 'text/plain', value: MAIL.body },
        { type: 'text/html', value: '<b>{{2}}</b>' },
      ],
      attachments: [
        { content: '/wCA', filename: 'año.pdf', type: 'application/pdf', disposition: 'attachment' },
        { content: '/wCA', filename: 'attachment2.pdf', type: 'application/pdf', disposition: 'attachment' },
      ],
      headers: { 'In-Reply-To': '<abc@mail.example>', References: '<abc@mail.example>' },
    });
  });

  it('another account sends with its own key', async () => {
    const accounts = {
      secretsOf: (_: string, id: string) =>
        Promise.resolve(id === 'sub' ? { organizationId: '2', secrets: { apiKey: 'SG.its-own' } } : undefined),
    };
    expect((await send({}, { accounts }, 'sub')).kind).toBe('ACCEPTED');
    expect(asked().headers.authorization).toBe('Bearer SG.its-own');
  });
});

describe('how an attempt at SendGrid ends', () => {
  const error = {
    errors: [{ message: 'The from address does not match a verified Sender Identity.', field: 'from', help: null }, { message: 'x' }],
  };
  it.each<[string, StubAnswer, object]>([
    ['403', { status: 403, body: error }, { kind: 'REFUSED', error: { code: '403', message: error.errors[0]!.message } }],
    ['400', { status: 400, body: error }, { kind: 'REFUSED', error: { code: '400', message: error.errors[0]!.message } }],
    ['451', { status: 451, body: error }, { kind: 'REFUSED', error: { code: 'HTTP 451', message: error.errors[0]!.message } }],
    ['413 in HTML', { status: 413, body: '<html>' }, { kind: 'REFUSED', error: { code: '413', message: null } }],
    [
      '429 that says when',
      {
        status: 429,
        headers: { 'x-ratelimit-reset': String(Math.floor(Date.now() / 1_000) + 60) },
        body: { errors: [{ message: 'too many requests' }] },
      },
      { kind: 'NOT_SENT', reason: 'HTTP 429: too many requests (429)', retryAfterMs: expect.closeTo(59_500, -4) },
    ],
    [
      '429 with Retry-After',
      { status: 429, headers: { 'retry-after': '3' } },
      { kind: 'NOT_SENT', reason: expect.any(String), retryAfterMs: 3_000 },
    ],
    ['429', { status: 429 }, { kind: 'NOT_SENT', reason: 'HTTP 429: no reason given (429)' }],
    ['500', { status: 500 }, { kind: 'UNKNOWN', reason: expect.stringContaining('500') }],
    ['503', { status: 503 }, { kind: 'UNKNOWN', reason: expect.stringContaining('503') }],
    ['307', { status: 307, headers: { location: '/v3/elsewhere' } }, { kind: 'UNKNOWN', reason: expect.stringContaining('307') }],
    ['202 without an id', { status: 202 }, { kind: 'UNKNOWN', reason: 'SendGrid answered without an X-Message-Id' }],
    ['a reset after the request', 'RESET', { kind: 'UNKNOWN', reason: expect.any(String) }],
    ['an answer cut short', 'CUT', { kind: 'UNKNOWN', reason: expect.any(String) }],
  ])('%s', async (_what, answer, outcome) => {
    sendgrid.answer = answer;
    expect(await send()).toEqual(outcome);
    expect(sendgrid.requests).toHaveLength(1);
  });

  it('no answer in time: unknown', async () => {
    sendgrid.answer = 'HANG';
    expect(await send({}, { deadlineMs: 60 })).toEqual({ kind: 'UNKNOWN', reason: 'no answer within 60 ms' });
  });

  it.each([
    ['nobody listens', { base: 'http://127.0.0.1:1' }, SENDGRID_ACCOUNT],
    ['nobody has that name', { base: 'http://api.invalid' }, SENDGRID_ACCOUNT],
    ['the account is not known any more', {}, 'sub'],
    ['the account has no key', { accounts: { secretsOf: () => Promise.resolve({ organizationId: '2', secrets: {} }) } }, 'sub'],
    ['the database is away', { accounts: { secretsOf: () => Promise.reject(new Unavailable('away')) } }, 'sub'],
  ])('%s: certainly not sent', async (_what, of, account) => {
    expect(await send({}, of, account)).toEqual({ kind: 'NOT_SENT', reason: expect.stringMatching(/\S/) });
    expect(sendgrid.requests).toEqual([]);
  });

  it.each([
    ['cannot be read is not sent', new Error('no such file'), { kind: 'NOT_SENT', reason: 'no such file' }],
    ['is no more is refused', new FileGone('gone'), { kind: 'REFUSED', error: { code: 'FILE_GONE', message: null } }],
  ])('a file that %s, and neither is its mail', async (_what, error, outcome) => {
    const file = { fileName: 'a', contentType: 'text/plain', sizeBytes: 1, url: 'https://x.example', read: () => Promise.reject(error) };
    expect(await send({ files: [file] })).toEqual(outcome);
    expect(sendgrid.requests).toEqual([]);
  });

  it('a file without a name is called by its place and its type', async () => {
    const file = {
      fileName: null,
      contentType: 'application/pdf',
      sizeBytes: 1,
      url: 'https://x.example',
      read: () => Promise.resolve(Buffer.from('%')),
    };
    await send({ files: [file] });
    expect(JSON.stringify(sendgrid.requests)).toContain('attachment1.pdf');
  });

  it('a proxy of the environment is not asked', async () => {
    process.env.http_proxy = 'http://127.0.0.1:1';
    expect((await send()).kind).toBe('ACCEPTED');
    delete process.env.http_proxy;
  });
});

describe('explainDeliveryError', () => {
  it.each(['400', '401', '403', '413', '429'])('has words for a refusal by %s, in both languages', (code) => {
    const { message, hint, retryable } = explainDeliveryError(code, 'FAILED')!;
    for (const sentence of [message, hint]) {
      expect(sentence.en).toMatch(/\.$/);
      expect(sentence.es).not.toBe(sentence.en);
    }
    expect(message.en).not.toContain('recipient');
    expect(retryable).toBe(code === '429');
  });

  it.each([402, 404, 405, 406, 409, 410, 415, 422, 451, 499])(
    'says of a refusal by %d that nothing was sent, and not that a mail server put it off',
    async (status) => {
      sendgrid.answer = { status };
      const { error } = (await send()) as { error: { code: string } };
      expect(explainDeliveryError(error.code, 'FAILED')).toEqual({
        message: {
          en: 'SendGrid did not take the message: nothing was sent, and nobody tries again.',
          es: expect.stringMatching(/no se envió nada/),
        },
        hint: { en: expect.stringMatching(/\.$/), es: expect.stringMatching(/\.$/) },
        retryable: false,
      });
      expect(explainDeliveryError('451', 'DEFERRED')).toMatchObject({
        message: { en: expect.stringContaining('put the message off') },
        retryable: true,
      });
    },
  );
});
