import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ProviderStub, type StubAnswer } from '../../../test/support/provider-stub.js';
import { type Outbound } from '../../core/adapters/outbound.js';
import { type ProviderAccountsService } from '../../core/organizations/provider-accounts.service.js';
import { readConfig } from '../../platform/config/read-config.js';
import { Unavailable } from '../../platform/errors/unavailable.js';
import { WebClient } from '../../platform/http/web-client.service.js';
import { GraphClient } from './graph-client.service.js';
import { GraphTemplates } from './graph-templates.service.js';
import { MessageOutbound } from './message-outbound.service.js';
import { META_ACCOUNT } from './meta-account.js';
import { MetaConfig } from './meta.config.js';

const TOKEN = 'EAAfx0000000000000000000000000000';
const ID = 'wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBI3MTE5MjVBOTE3MDk5QUVFM0YA';
const MESSAGE: Outbound = {
  notAfter: new Date(8.64e15),
  activityId: '0190c3f0-0000-7000-8000-000000000001',
  from: '106540352242922',
  to: '+34600111222',
  subject: null,
  body: 'hola 👋',
  files: [],
  answers: null,
};

let meta: ProviderStub;
beforeAll(async () => (meta = await ProviderStub.start()));
afterAll(() => meta.close());
beforeEach(() => {
  meta.requests.length = 0;
  meta.answer = { status: 200, body: { messaging_product: 'whatsapp', contacts: [{ wa_id: '34600111222' }], messages: [{ id: ID }] } };
});

const NO_ACCOUNTS: Pick<ProviderAccountsService, 'secretsOf'> = { secretsOf: () => Promise.resolve(undefined) };

interface Around {
  readonly base?: string;
  readonly accounts?: typeof NO_ACCOUNTS;
  readonly deadlineMs?: number;
  readonly businessAccount?: string | null;
}

function outbound({
  base = meta.url,
  accounts = NO_ACCOUNTS,
  deadlineMs = 5_000,
  businessAccount = '102290129340398',
}: Around = {}): MessageOutbound {
  const config = readConfig(MetaConfig, {
    WHATSAPP_ACCESS_TOKEN: TOKEN,
    WHATSAPP_BASE_URL: base,
    ...(businessAccount !== null && { WHATSAPP_BUSINESS_ACCOUNT_ID: businessAccount }),
  });
  const graph = new GraphClient(config, accounts as ProviderAccountsService, new WebClient(deadlineMs));
  return new MessageOutbound(graph, new GraphTemplates(graph));
}
const send = (changes: Partial<Outbound> = {}, of?: Around, account = META_ACCOUNT) =>
  outbound(of).send({ ...MESSAGE, ...changes }, account);
const asked = () => meta.requests[0]!;

describe('what Meta is asked', () => {
  it('a text goes from the phone number’s id, once', async () => {
    expect(await send()).toEqual({ kind: 'ACCEPTED', externalId: ID });
    expect(meta.requests).toHaveLength(1);
    expect(asked()).toMatchObject({ method: 'POST', url: '/v26.0/106540352242922/messages' });
    expect(asked().headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      'user-agent': 'Centralita',
    });
    expect(JSON.parse(asked().body)).toEqual({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: '34600111222',
      biz_opaque_callback_data: MESSAGE.activityId,
      type: 'text',
      text: { body: 'hola 👋', preview_url: true },
    });
  });

  it('at a version of its own where the base says one', async () => {
    await send({}, { base: `${meta.url}/v25.0/` });
    expect(asked().url).toBe('/v25.0/106540352242922/messages');
  });

  it('another account sends with its own token', async () => {
    const accounts = {
      secretsOf: (_: string, id: string) =>
        Promise.resolve(id === '777777' ? { organizationId: '2', secrets: { accessToken: 'its-own-token' } } : undefined),
    };
    expect((await send({}, { accounts }, '777777')).kind).toBe('ACCEPTED');
    expect(asked().headers.authorization).toBe('Bearer its-own-token');
  });
});

describe('how an attempt at Meta ends', () => {
  const error = (code: number, details?: string) => ({
    error: {
      message: `(#${code}) Title`,
      type: 'OAuthException',
      code,
      ...(details && { error_data: { messaging_product: 'whatsapp', details } }),
    },
  });
  it.each<[string, StubAnswer, object]>([
    [
      '400',
      { status: 400, body: error(131047, 'Over 24 hours.') },
      { kind: 'REFUSED', error: { code: '131047', message: 'Over 24 hours.' } },
    ],
    ['401', { status: 401, body: error(190) }, { kind: 'REFUSED', error: { code: '190', message: '(#190) Title' } }],
    ['403 that is no JSON', { status: 403, body: '<html>' }, { kind: 'REFUSED', error: { code: '403', message: null } }],
    ['a limit by 400', { status: 400, body: error(80007) }, { kind: 'NOT_SENT', reason: 'HTTP 400: (#80007) Title (80007)' }],
    ['a limit of the pair', { status: 400, body: error(131056) }, { kind: 'NOT_SENT', reason: expect.any(String), retryAfterMs: 6_000 }],
    [
      '429',
      { status: 429, headers: { 'retry-after': '2' }, body: error(130429) },
      { kind: 'NOT_SENT', reason: expect.any(String), retryAfterMs: 2_000 },
    ],
    ['what broke, by 400', { status: 400, body: error(131000, 'Something went wrong.') }, { kind: 'UNKNOWN', reason: expect.any(String) }],
    ['500', { status: 500, body: error(131016) }, { kind: 'UNKNOWN', reason: expect.any(String) }],
    ['503', { status: 503, body: error(2) }, { kind: 'UNKNOWN', reason: expect.any(String) }],
    ['302', { status: 302, headers: { location: '/' } }, { kind: 'UNKNOWN', reason: expect.stringContaining('302') }],
    ['200 without an id', { status: 200, body: { messages: [] } }, { kind: 'UNKNOWN', reason: 'Meta answered without an id' }],
    ['200 that is no JSON', { status: 200, body: '<html>' }, { kind: 'UNKNOWN', reason: 'Meta answered without an id' }],
    ['a reset after the request', 'RESET', { kind: 'UNKNOWN', reason: expect.any(String) }],
    ['an answer cut short', 'CUT', { kind: 'UNKNOWN', reason: expect.any(String) }],
  ])('%s', async (_what, answer, outcome) => {
    meta.answer = answer;
    expect(await send()).toEqual(outcome);
    expect(meta.requests).toHaveLength(1);
  });

  it('no answer in time: unknown', async () => {
    meta.answer = 'HANG';
    expect(await send({}, { deadlineMs: 60 })).toEqual({ kind: 'UNKNOWN', reason: 'no answer within 60 ms' });
  });

  it.each([
    ['nobody listens', { base: 'http://127.0.0.1:1' }, META_ACCOUNT],
    ['nobody has that name', { base: 'http://graph.invalid' }, META_ACCOUNT],
    ['the account is not known any more', {}, '777777'],
    ['the account has no token', { accounts: { secretsOf: () => Promise.resolve({ organizationId: '2', secrets: {} }) } }, '777777'],
    ['the database is away', { accounts: { secretsOf: () => Promise.reject(new Unavailable('away')) } }, '777777'],
  ])('%s: certainly not sent', async (_what, of, account) => {
    expect(await send({}, of, account)).toEqual({ kind: 'NOT_SENT', reason: expect.stringMatching(/\S/) });
    expect(meta.requests).toEqual([]);
  });
});

describe('templates at Meta', () => {
  const item = (name: string, language: string, status = 'APPROVED') => ({
    id: '1',
    name,
    language,
    status,
    components: [{ type: 'BODY', text: 'Hola {{1}}' }],
  });
  const template = (name: string, language: string, approved = true) => ({
    id: name,
    name,
    language,
    body: 'Hola {{1}}',
    variables: ['1'],
    approved,
    ...(!approved && { unapproved: true }),
  });

  it('all are listed, page by page, where WHATSAPP_BASE_URL says', async () => {
    meta.answer = ({ url }) =>
      url.includes('after=')
        ? { status: 200, body: { data: [item('adios', 'es', 'PAUSED'), { id: 'no name' }], paging: { cursors: { after: 'z' } } } }
        : {
            status: 200,
            body: { data: [item('saludo', 'es')], paging: { cursors: { after: 'c=1' }, next: 'https://graph.facebook.com/v26.0/…' } },
          };
    expect(await outbound().templates(META_ACCOUNT)).toEqual([template('saludo', 'es'), template('adios', 'es', false)]);
    expect(meta.requests.map(({ url }) => url)).toEqual([
      '/v26.0/102290129340398/message_templates?fields=name%2Clanguage%2Cstatus%2Ccomponents&limit=100',
      '/v26.0/102290129340398/message_templates?after=c%3D1&fields=name%2Clanguage%2Cstatus%2Ccomponents&limit=100',
    ]);
  });

  it('one is found by its name and language', async () => {
    meta.answer = { status: 200, body: { data: [item('saludo', 'es'), item('saludo', 'en_US'), item('saludo_2', 'pt')], paging: {} } };
    const find = (id: string, language: string | null) => outbound().findTemplate({ id, language }, META_ACCOUNT);
    expect(await find('saludo', 'en_US')).toEqual(template('saludo', 'en_US'));
    expect(await find('saludo', 'fr')).toBeUndefined();
    expect(await find('saludo', null)).toBeUndefined();
    expect(await find('saludo_2', null)).toEqual(template('saludo_2', 'pt'));
    expect(asked().url).toContain('&name=saludo');
  });

  it('a stored account is its business account', async () => {
    meta.answer = { status: 200, body: { data: [] } };
    const accounts = { secretsOf: () => Promise.resolve({ organizationId: '2', secrets: { accessToken: 'its-own-token' } }) };
    expect(await outbound({ accounts }).templates('777777')).toEqual([]);
    expect(asked()).toMatchObject({
      url: expect.stringContaining('/777777/message_templates'),
      headers: { authorization: 'Bearer its-own-token' },
    });
  });

  it('what Meta says against it is an error, and so is not knowing whose', async () => {
    meta.answer = { status: 401, body: { error: { message: 'Session has expired', code: 190 } } };
    await expect(outbound().templates(META_ACCOUNT)).rejects.toThrow('Session has expired (190)');
    await expect(outbound({ businessAccount: null }).templates(META_ACCOUNT)).rejects.toThrow('WHATSAPP_BUSINESS_ACCOUNT_ID');
  });
});
