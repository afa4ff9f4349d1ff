import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ProviderStub, type StubAnswer } from '../../../test/support/provider-stub.js';
import { type Outbound } from '../../core/adapters/outbound.js';
import { type ProviderAccountsService } from '../../core/organizations/provider-accounts.service.js';
import { readConfig } from '../../platform/config/read-config.js';
import { Unavailable } from '../../platform/errors/unavailable.js';
import { HttpConfig } from '../../platform/http/http.config.js';
import { WebClient } from '../../platform/http/web-client.service.js';
import { CallOutbound } from './call-outbound.service.js';
import { MessageOutbound } from './message-outbound.service.js';
import { TwilioClient } from './twilio-client.service.js';
import { TwilioVerifier } from './twilio-verifier.service.js';
import { TwilioConfig } from './twilio.config.js';
import { WhatsAppOutbound } from './whatsapp-outbound.service.js';

const ACCOUNT = `AC${'a'.repeat(32)}`;
const OTHER = `AC${'b'.repeat(32)}`;
const TOKEN = 'the-token-of-the-environment';
const CONTENT = `HX${'c'.repeat(32)}`;
const SID = `SM${'1'.repeat(32)}`;
const MESSAGE: Outbound = {
  notAfter: new Date(8.64e15),
  activityId: '0190c3f0-0000-7000-8000-000000000001',
  from: '+15005550006',
  to: '+34600111222',
  subject: null,
  body: 'hola 👋',
  files: [],
  answers: null,
};

let twilio: ProviderStub;
beforeAll(async () => (twilio = await ProviderStub.start()));
afterAll(() => twilio.close());
beforeEach(() => {
  twilio.requests.length = 0;
  twilio.answer = { status: 201, body: { sid: SID, status: 'queued' } };
});

const NO_ACCOUNTS: Pick<ProviderAccountsService, 'secretsOf'> = { secretsOf: () => Promise.resolve(undefined) };

function client({ base = twilio.url, accounts = NO_ACCOUNTS, deadlineMs = 5_000 } = {}): TwilioClient {
  const config = readConfig(TwilioConfig, { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_AUTH_TOKEN: TOKEN, TWILIO_BASE_URL: base });
  const http = readConfig(HttpConfig, { PUBLIC_URL: 'https://hub.example.com/' });
  return new TwilioClient(config, http, new TwilioVerifier(config, http, accounts as ProviderAccountsService), new WebClient(deadlineMs));
}

const sms = (of?: Parameters<typeof client>[0]): MessageOutbound => new MessageOutbound('SMS', client(of));
const asked = () => twilio.requests[0]!;
const form = () => Object.fromEntries(new URLSearchParams(asked().body));
const basic = (account: string, token: string) => `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`;

describe('what Twilio is asked', () => {
  it('an SMS goes to the account’s messages, by the official SDK, once', async () => {
    expect(await sms().send(MESSAGE, ACCOUNT)).toEqual({ kind: 'ACCEPTED', externalId: SID });
    expect(twilio.requests).toHaveLength(1);
    expect(asked()).toMatchObject({ method: 'POST', url: `/2010-04-01/Accounts/${ACCOUNT}/Messages.json` });
    expect(asked().headers).toMatchObject({
      authorization: basic(ACCOUNT, TOKEN),
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': expect.stringMatching(/^twilio-node\//),
    });
    expect(form()).toEqual({
      To: MESSAGE.to,
      From: MESSAGE.from,
      Body: 'hola 👋',
      StatusCallback: `https://hub.example.com/api/webhooks/sms/twilio?centralita_activity=${MESSAGE.activityId}#rc=5&rp=all`,
    });
  });

  it('links and files are MediaUrl, repeated', async () => {
    const file = {
      fileName: 'a.png',
      contentType: 'image/png',
      sizeBytes: 9,
      url: 'https://hub.example.com/media/1?sig=x',
      read: () => Promise.reject(new Error()),
    };
    await sms().send({ ...MESSAGE, body: null, mediaUrls: ['https://example.com/b.png?c=1&d=2'], files: [file] }, ACCOUNT);
    const sent = new URLSearchParams(asked().body);
    expect(sent.getAll('MediaUrl')).toEqual(['https://example.com/b.png?c=1&d=2', file.url]);
    expect(sent.has('Body')).toBe(false);
  });

  it('a WhatsApp template goes with its variables, and without text', async () => {
    const template = { id: CONTENT, language: null, variables: { 1: 'Ana', 2: 'mañana' } };
    await new WhatsAppOutbound(client()).send({ ...MESSAGE, to: 'US.Abc123', template }, ACCOUNT);
    expect(form()).toMatchObject({
      From: `whatsapp:${MESSAGE.from}`,
      To: 'whatsapp:US.Abc123',
      ContentSid: CONTENT,
      ContentVariables: '{"1":"Ana","2":"mañana"}',
      StatusCallback: expect.stringContaining('/api/webhooks/whatsapp/twilio?'),
    });
    expect(form()).not.toHaveProperty('Body');
  });

  it('a call has its instructions with it, and is told of at every step', async () => {
    twilio.answer = { status: 201, body: { sid: 'CA1' } };
    const call = { agent: null, say: 'Su pedido está listo', record: true };
    expect(await new CallOutbound(client()).send({ ...MESSAGE, call }, ACCOUNT)).toEqual({ kind: 'ACCEPTED', externalId: 'CA1' });
    expect(asked().url).toBe(`/2010-04-01/Accounts/${ACCOUNT}/Calls.json`);
    const sent = new URLSearchParams(asked().body);
    expect(sent.getAll('StatusCallbackEvent')).toEqual(['initiated', 'ringing', 'answered', 'completed']);
    expect([sent.get('Record'), sent.get('Twiml')]).toEqual(['true', expect.stringContaining('Su pedido está listo')]);
  });

  it('a call is hung up by its sid; what Twilio says against it is thrown', async () => {
    const calls = new CallOutbound(client());
    twilio.answer = { status: 200, body: { sid: 'CA1', status: 'completed' } };
    await calls.hangUp('CA1', ACCOUNT);
    expect(asked()).toMatchObject({ method: 'POST', url: `/2010-04-01/Accounts/${ACCOUNT}/Calls/CA1.json`, body: 'Status=completed' });
    twilio.answer = { status: 400, body: { code: 21220, message: 'Call is not in-progress.' } };
    await expect(calls.hangUp('CA1', ACCOUNT)).rejects.toThrow('Call is not in-progress. (21220)');
    twilio.answer = { status: 404, body: { code: 20404 } };
    await expect(calls.hangUp('CA1', ACCOUNT)).rejects.toThrow('knows no such call');
  });

  it('another account sends with its own token', async () => {
    const accounts = {
      secretsOf: (_: string, id: string) =>
        Promise.resolve(id === OTHER ? { organizationId: '2', secrets: { authToken: 'its-own' } } : undefined),
    };
    await sms({ accounts }).send(MESSAGE, OTHER);
    expect([asked().url, asked().headers.authorization]).toEqual([expect.stringContaining(`/Accounts/${OTHER}/`), basic(OTHER, 'its-own')]);
  });
});

describe('how an attempt at Twilio ends', () => {
  const error = (code: number) => ({ code, message: 'Because.', more_info: 'https://www.twilio.com/docs', status: 400 });
  it.each<[string, StubAnswer, object]>([
    ['400', { status: 400, body: error(21211) }, { kind: 'REFUSED', error: { code: '21211', message: 'Because.' } }],
    [
      '400 for an opt-out',
      { status: 400, body: error(21610) },
      { kind: 'REFUSED', error: { code: '21610', message: 'Because.' }, optedOut: true },
    ],
    ['401', { status: 401, body: error(20003) }, { kind: 'REFUSED', error: { code: '20003', message: 'Because.' } }],
    ['400 with 0 for a code', { status: 400, body: error(0) }, { kind: 'REFUSED', error: { code: '400', message: 'Because.' } }],
    ['429 with 0 for a code', { status: 429, body: error(0) }, { kind: 'NOT_SENT', reason: 'HTTP 429: Because. (429)' }],
    ['400 without a code', { status: 400, body: '<html>' }, { kind: 'REFUSED', error: { code: '400', message: null } }],
    [
      'a newer API’s 400',
      { status: 400, body: { type: 'x', title: 'T', detail: 'D.', status: 400, code: 20001 } },
      { kind: 'REFUSED', error: { code: '20001', message: 'D.' } },
    ],
    [
      '429',
      { status: 429, headers: { 'retry-after': '2' }, body: error(20429) },
      { kind: 'NOT_SENT', reason: 'HTTP 429: Because. (20429)', retryAfterMs: 2_000 },
    ],
    ['500', { status: 500, body: error(20500) }, { kind: 'UNKNOWN', reason: 'HTTP 500: Because. (20500)' }],
    ['503', { status: 503, body: error(20503) }, { kind: 'UNKNOWN', reason: 'HTTP 503: Because. (20503)' }],
    ['302', { status: 302, headers: { location: '/' } }, { kind: 'UNKNOWN', reason: expect.stringContaining('302') }],
    ...[{}, { sid: 12345 }, { sid: { a: 1 } }, { sid: 'SM\0abc' }, { sid: 'x'.repeat(12_000) }].map(
      (body): [string, { status: number; body: object }, object] => [
        `201 with ${JSON.stringify(body).slice(0, 20)} for a sid`,
        { status: 201, body },
        { kind: 'UNKNOWN', reason: 'Twilio answered without a sid that can be read' },
      ],
    ),
    ['201 that is no JSON', { status: 201, body: '<html>' }, { kind: 'UNKNOWN', reason: expect.stringContaining('could not be read') }],
    ['201 that is null', { status: 201, body: 'null' }, { kind: 'UNKNOWN', reason: expect.stringContaining('could not be read') }],
    ['a reset after the request', 'RESET', { kind: 'UNKNOWN', reason: expect.any(String) }],
    ['an answer cut short', 'CUT', { kind: 'UNKNOWN', reason: expect.any(String) }],
  ])('%s', async (_what, answer, outcome) => {
    twilio.answer = answer;
    expect(await sms().send(MESSAGE, ACCOUNT)).toEqual(outcome);
    expect(twilio.requests).toHaveLength(1);
  });

  it('no answer in time: unknown', async () => {
    twilio.answer = 'HANG';
    expect(await sms({ deadlineMs: 60 }).send(MESSAGE, ACCOUNT)).toEqual({ kind: 'UNKNOWN', reason: 'no answer within 60 ms' });
  });

  it.each([
    ['nobody listens', { base: 'http://127.0.0.1:1' }],
    ['nobody has that name', { base: 'http://api.invalid' }],
    ['the account is not known any more', { accounts: NO_ACCOUNTS }],
    ['the database is away', { accounts: { secretsOf: () => Promise.reject(new Unavailable('away')) } }],
  ])('%s: certainly not sent', async (_what, of) => {
    const account = 'accounts' in of ? OTHER : ACCOUNT;
    expect(await sms(of).send(MESSAGE, account)).toEqual({ kind: 'NOT_SENT', reason: expect.stringMatching(/\S/) });
    expect(twilio.requests).toEqual([]);
  });

  it('no reason holds the token or the body', async () => {
    twilio.answer = { status: 500, body: {} };
    expect(JSON.stringify(await sms().send(MESSAGE, ACCOUNT))).not.toMatch(new RegExp(`${TOKEN}|hola`));
  });
});

describe('templates at Twilio', () => {
  const content = {
    sid: CONTENT,
    friendly_name: 'saludo',
    language: 'es',
    variables: { 1: 'x' },
    types: { 'twilio/text': { body: 'Hola {{1}}' } },
  };
  const template = { id: CONTENT, name: 'saludo', language: 'es', body: 'Hola {{1}}', variables: ['1'] };

  it('all are listed, page by page, with whether WhatsApp approved them', async () => {
    twilio.answer = ({ url }) => {
      const next = url.includes('PageToken') ? null : 'https://content.twilio.com/v1/ContentAndApprovals?PageSize=500&PageToken=x';
      const status = next ? 'approved' : 'rejected';
      return {
        status: 200,
        body: { contents: [{ ...content, approval_requests: { status } }], meta: { next_page_url: next, key: 'contents' } },
      };
    };
    expect(await new WhatsAppOutbound(client()).templates(ACCOUNT)).toEqual([
      { ...template, approved: true },
      { ...template, approved: false, unapproved: true },
    ]);
    expect(twilio.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /v1/ContentAndApprovals?PageSize=500',
      'GET /v1/ContentAndApprovals?PageSize=500&PageToken=x',
    ]);
  });

  it('one is found by its sid', async () => {
    twilio.answer = ({ url }) => ({
      status: 200,
      body: url.endsWith('/ApprovalRequests') ? { whatsapp: { status: 'approved' } } : content,
    });
    expect(await new WhatsAppOutbound(client()).findTemplate({ id: CONTENT }, ACCOUNT)).toEqual({ ...template, approved: true });
    twilio.answer = ({ url }) =>
      url.endsWith('/ApprovalRequests') ? { status: 404, body: { code: 20404 } } : { status: 200, body: content };
    expect(await new WhatsAppOutbound(client()).findTemplate({ id: CONTENT }, ACCOUNT)).toEqual({ ...template, approved: false });
  });

  it('one that Twilio does not know is none; one that cannot be had is an error', async () => {
    twilio.answer = { status: 404, body: { code: 20404, message: 'Not found' } };
    expect(await new WhatsAppOutbound(client()).findTemplate({ id: CONTENT }, ACCOUNT)).toBeUndefined();
    twilio.answer = { status: 401, body: { code: 20003, message: 'Authenticate' } };
    await expect(new WhatsAppOutbound(client()).findTemplate({ id: CONTENT }, ACCOUNT)).rejects.toThrow('Authenticate (20003)');
    await expect(new WhatsAppOutbound(client()).templates(ACCOUNT)).rejects.toThrow('Authenticate (20003)');
  });
});
