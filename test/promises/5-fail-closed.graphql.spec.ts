import { once } from 'node:events';
import http from 'node:http';
import { getIntrospectionQuery } from 'graphql';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { createKey, createOrganization, type TestOrganization } from '../factories/organization.js';
import { inboundSms } from '../factories/twilio.js';
import { takeAway } from '../support/database.js';
import { ACTIVITY, gql } from '../support/graphql.js';
import { deliver } from '../support/post.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

const INNER = /\bat [\w.<>]+ \(|node_modules|\.(js|ts):\d+|select .+ from|insert into|prisma|stack/i;
const VIEWER_BY_GET = `/graphql?query=${encodeURIComponent('{ viewer { scopes } }')}`;
const read = async (answer: Response) => ({ status: answer.status, text: await answer.text() });
const CODES = ['BAD_USER_INPUT', 'QUERY_TOO_COMPLEX', 'NOT_FOUND', 'FORBIDDEN', 'UNAUTHENTICATED'];

describe('GraphQL refuses what is too much or senseless, and lets through what clients need', () => {
  let server: TestServer;
  let norte: TestOrganization;
  beforeAll(async () => {
    server = await TestServer.start();
    norte = await createOrganization(server);
    await deliver(server, inboundSms(server, { to: norte.number }));
  });
  afterAll(() => server.dispose());

  const ask = (query: string, variables: Record<string, unknown> = {}) => gql(server, norte.key, query, variables);
  const send = async (
    body: string,
    headers: Record<string, string> = { 'content-type': 'application/json' },
    method = 'POST',
    path = '/graphql',
  ) => {
    const response = await fetch(server.url + path, {
      method,
      headers: { authorization: `Bearer ${norte.key}`, ...headers },
      ...(method !== 'GET' && { body }),
    });
    return read(response);
  };
  const list = (first: number, node = 'id') => `activities(organizationId: "${norte.id}", first: ${first}) { edges { node { ${node} } } }`;
  const deep = (n: number) => `{ __type(name: "Activity") { ${'fields { type { '.repeat(n)} name ${'} } '.repeat(n)} } }`;

  it.each<[string, () => string, string]>([
    ['2,000 aliases', () => `{ ${Array.from({ length: 2_000 }, (_, i) => `a${i}: viewer { scopes }`).join(' ')} }`, 'QUERY_TOO_COMPLEX'],
    [
      'a cost beyond the limit',
      () => `{ ${Array.from({ length: 40 }, (_, i) => `a${i}: ${list(200, 'events { id kind status } attachments { id }')}`).join(' ')} }`,
      'QUERY_TOO_COMPLEX',
    ],
    ['1,000 directives', () => `{ viewer ${'@include(if: true) '.repeat(1_000)} { scopes } }`, 'QUERY_TOO_COMPLEX'],
    ['100,000 tokens', () => `{ viewer { ${'scopes '.repeat(100_000)} } }`, 'QUERY_TOO_COMPLEX'],
    ['30,000 lines', () => `{ ${'#\n'.repeat(30_000)} viewer { scopes } }`, 'QUERY_TOO_COMPLEX'],
    ['1,000 fields of one name', () => `{ viewer { ${'scopes '.repeat(1_000)} } }`, 'QUERY_TOO_COMPLEX'],
    ['introspection in depth', () => deep(30), 'QUERY_TOO_COMPLEX'],
    [
      'a circle of fragments',
      () => '{ viewer { ...a } } fragment a on Viewer { scopes ...b } fragment b on Viewer { ...a }',
      'BAD_USER_INPUT',
    ],
    ['more than 200 items', () => `{ ${list(201)} }`, 'BAD_USER_INPUT'],
    ['a million items', () => `{ ${list(1_000_000)} }`, 'QUERY_TOO_COMPLEX'],
    ['no items', () => `{ ${list(0)} }`, 'BAD_USER_INPUT'],
    ['a field that is none', () => '{ nothing }', 'BAD_USER_INPUT'],
    ['no GraphQL', () => '{{{', 'BAD_USER_INPUT'],
    [
      'a subscription over HTTP with a condition at its root',
      () => `subscription($s: Boolean = true) { activityCreated(organizationId: "${norte.id}") @include(if: $s) { id } }`,
      'BAD_USER_INPUT',
    ],
    [
      'an argument of 3,000 lists',
      () => `{ activities(organizationId: "1", filter: ${'['.repeat(3_000)}${']'.repeat(3_000)}) { feedCursor } }`,
      'QUERY_TOO_COMPLEX',
    ],
    ['a subscription over HTTP', () => `subscription { activityCreated(organizationId: "${norte.id}") { id } }`, 'BAD_USER_INPUT'],
    ['two operations without a name', () => 'query a { viewer { scopes } } query b { viewer { scopes } }', 'BAD_USER_INPUT'],
  ])('a query with %s is refused at once, with a code of ErrorCode', async (_name, query, code) => {
    const from = Date.now();
    const answer = await ask(query());
    expect([answer.code, answer.data ?? null]).toEqual([code, null]);
    expect(Date.now() - from).toBeLessThan(4_000);
    expect(answer.text).not.toMatch(INNER);
  });

  /** Fragments that spread each other, of `wide` a piece: three levels of them are wide³ fields. */
  const fragments = (wide: number, type: string, field: string) =>
    [1, 2, 3].map((n) => `fragment f${n} on ${type} { ${(n === 3 ? `${field} ` : `...f${n + 1} `).repeat(wide)} }`).join(' ');
  const COSTLY = () =>
    `contacts(organizationId: "${norte.id}", first: 200) { edges { node { activities(first: 200) { edges { node { contact { id } } } } } } }`;
  it.each<[string, () => string, Record<string, unknown>]>([
    ['stands beside a million fields by fragments', () => `{ viewer { ...f1 } ${COSTLY()} } ${fragments(100, 'Viewer', 'scopes')}`, {}],
    ['stands beside an argument that does not fit', () => `query($v: ID = "x") { activity(id: $v) { id } ${COSTLY()} }`, { v: null }],
  ])('what costs too much is refused, though it %s', async (_what, query, variables) => {
    const { code, data } = await ask(query(), variables);
    expect([code, data ?? null]).toEqual(['QUERY_TOO_COMPLEX', null]);
  });

  it.each<[string, string, Record<string, string>, string]>([
    ['a member called __proto__', '{"query":"{ viewer { scopes } }","variables":{"a":{"__proto__":1}}}', {}, '__proto__'],
    ['an encoding', '{"query":"{ viewer { scopes } }"}', { 'content-encoding': 'gzip' }, 'Content-Encoding'],
    ['no JSON', '{"query":', {}, 'JSON'],
  ])('a body with %s is refused in words that say so', async (_what, body, headers, said) => {
    const { status, text } = await send(body, { 'content-type': 'application/json', ...headers });
    expect(JSON.parse(text)).toMatchObject({
      errors: [{ message: expect.stringContaining(said), extensions: { code: 'BAD_USER_INPUT' } }],
    });
    expect(status).toBe(400);
  });

  it.each(['', 'COSTLY'])('a condition that does not fit is told as such, whatever stands beside it (%s)', async (beside) => {
    const query = `query($v: Boolean = true) { viewer { scopes @include(if: $v) } ${beside && COSTLY()} }`;
    const { code, data, status } = await ask(query, { v: null });
    expect([code, data ?? null, status]).toEqual(['BAD_USER_INPUT', null, 400]);
  });

  it('what a document costs is not learnt from variables that do not fit', async () => {
    const query = `query($o: ID!) { ${COSTLY().replace(`"${norte.id}"`, '$o')} }`;
    expect((await ask(query, {})).code).toBe('BAD_USER_INPUT');
    expect((await ask(query, { o: norte.id })).code).toBe('QUERY_TOO_COMPLEX');
  });

  it('a mutation whose fragments spread each other 216 million times is refused at once', async () => {
    const from = Date.now();
    const change = `mutation { updateContact(id: "nobody", name: "x") { ...f1 } } ${fragments(600, 'Contact', '__typename')}`;
    expect((await ask(change)).code).toBe('QUERY_TOO_COMPLEX');
    expect(Date.now() - from).toBeLessThan(2_000);
  });

  const SMS = 'mutation($v: SendSmsInput!) { sendSms(input: $v) { id } }';
  const MAIL = 'mutation($v: SendEmailInput!) { sendEmail(input: $v) { id } }';
  const LIST = 'query($v: Int) { activities(organizationId: "1", first: $v) { edges { cursor } } }';
  it.each<[string, string, () => unknown]>([
    ['members that it has not', SMS, () => Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`no${i}`, 'x'.repeat(30)]))],
    ['items of another type', MAIL, () => ({ organizationId: '1', to: Array.from({ length: 20_000 }, () => ({ no: 'x'.repeat(20) })) })],
    ['a value of 900 kB of another type', LIST, () => 'x'.repeat(900_000)],
  ])('a variable with %s is told shortly, and at once', async (_what, query, value) => {
    const from = Date.now();
    const { status, text } = await send(JSON.stringify({ query, variables: { v: value() } }));
    expect([status, text.length < 1_000, text]).toEqual([400, true, expect.stringContaining('BAD_USER_INPUT')]);
    expect(Date.now() - from).toBeLessThan(2_000);
  });

  it.each([
    ['a value', (text: string) => `{ activities(organizationId: "1", first: """${text}""") { feedCursor } }`],
    ['a comment before it', (text: string) => `{ activities(organizationId: "1", first:\n#${text}\n"x") { feedCursor } }`],
    ['the name of an argument', (text: string) => `{ activities(organizationId: "1", ${text.replace(/\W/g, '')}: 1) { feedCursor } }`],
  ])('a query with %s of 900 kB is told shortly, and at once', async (_what, of) => {
    const from = Date.now();
    const { status, text } = await send(JSON.stringify({ query: of(` at "${'a'.repeat(900_000)}`) }));
    expect([status, text.length < 2_000, text]).toEqual([400, true, expect.stringContaining('BAD_USER_INPUT')]);
    expect(Date.now() - from).toBeLessThan(2_000);
  });

  it.each<[string, string, unknown]>([
    ['v.1', 'query($v: [Channel!]) { activities(organizationId: "1", filter: { channels: $v }) { edges { cursor } } }', ['SMS', 'FAX']],
    [
      'channels.1',
      'query($v: ActivityFilter) { activities(organizationId: "1", filter: $v) { edges { cursor } } }',
      { channels: ['SMS', 'FAX'] },
    ],
    ['to.1', MAIL, { organizationId: '1', to: ['a@x.example', 5], subject: 's' }],
    ['v', LIST, 'x'],
    ['subject', MAIL, { organizationId: '1', to: ['a@x.example'], ' at "v.zz";': '; Field "zz" is not defined by type "X".' }],
    ['foo-bar', MAIL, { organizationId: '1', to: ['a@x.example'], subject: 's', 'foo-bar': 1 }],
  ])('what does not fit in a variable is named: %s', async (field, query, value) => {
    expect((await ask(query, { v: value })).errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field });
  });

  it('a text of more tokens than the limit is told so in our words, with 400', async () => {
    const { status, text } = await send(JSON.stringify({ query: `{ viewer { ${'scopes '.repeat(15_000)} } }` }));
    expect([status, JSON.parse(text).errors]).toEqual([
      400,
      [expect.objectContaining({ message: 'The query has more than 15000 tokens.', extensions: { code: 'QUERY_TOO_COMPLEX' } })],
    ]);
  });

  it.each<[string, () => string, number, string]>([
    ['millions of values', () => `{"query":"{ viewer { scopes } }","variables":{"c":[${'{},'.repeat(500_000)}{}]}}`, 400, 'BAD_USER_INPUT'],
    [
      'a text of 1.5 MB',
      () => JSON.stringify({ query: `{ activity(id: """${'a\n'.repeat(750_000)}""") { id } }` }),
      400,
      'QUERY_TOO_COMPLEX',
    ],
  ])('a request with %s is refused at once', async (_what, body, status, code) => {
    const from = Date.now();
    const answer = await send(body());
    expect([answer.status, (JSON.parse(answer.text) as { errors: { extensions: { code: string } }[] }).errors[0]!.extensions.code]).toEqual(
      [status, code],
    );
    expect(Date.now() - from).toBeLessThan(2_000);
  });

  it('a body above 2 MB is nothing that a key which may only READ has to send', async () => {
    const key = await createKey(server, norte.id, ['READ']);
    const body = JSON.stringify({ query: '{ viewer { scopes } }', variables: { v: 'x'.repeat(3 << 20) } });
    expect((await send(body, { 'content-type': 'application/json', authorization: `Bearer ${key}` })).status).toBe(403);
    expect((await send(body)).status).toBe(200);
  });

  it('a query deeper than the limit is refused, and one of 10 levels is not', async () => {
    const page = `activities(organizationId: "${norte.id}", first: 1)`;
    const levels = (n: number) => `{ ${page} { ${'... on ActivityConnection { '.repeat(n - 3)} edges { cursor } ${'} '.repeat(n - 3)} } }`;
    expect((await ask(levels(10))).errors).toBeUndefined();
    expect((await ask(levels(40))).code).toBe('QUERY_TOO_COMPLEX');
  });

  it.each<[string, () => Promise<{ status: number; text: string }>]>([
    ['text/plain', () => send('{"query":"{ viewer { scopes } }"}', { 'content-type': 'text/plain' })],
    ['a form', () => send('query=%7Bviewer%7Bscopes%7D%7D', { 'content-type': 'application/x-www-form-urlencoded' })],
    [
      'multipart',
      () =>
        send('--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--', {
          'content-type': 'multipart/form-data; boundary=x',
        }),
    ],
    ['no content type', () => send('{"query":"{ viewer { scopes } }"}', { 'content-type': '' })],
    [
      'a mutation by GET',
      () => send('', {}, 'GET', `/graphql?query=${encodeURIComponent('mutation { createOrganization(name: "x") { id } }')}`),
    ],
    ['a query by GET as a page can make it', () => fetch(`${server.url}${VIEWER_BY_GET}`).then(read)],
    ['a batch', () => send(JSON.stringify(Array.from({ length: 20 }, () => ({ query: '{ viewer { scopes } }' }))))],
    ['cut JSON', () => send('{"query": "{ viewer')],
    ['null', () => send('null')],
    ['no query', () => send('{}')],
    ['a query that is an object', () => send('{"query":{"a":1}}')],
    ['variables that are text', () => send('{"query":"{ viewer { scopes } }","variables":"x"}')],
    ['nothing', () => send('')],
    ['a prototype', () => send('{"__proto__":{"query":"{ viewer { scopes } }"}}')],
    ['100,000 brackets', () => send('['.repeat(100_000))],
  ])('a request of %s is refused with 4xx and runs nothing', async (_name, request) => {
    const { status, text } = await request();
    expect(text).not.toContain('"data":{');
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(text).not.toMatch(INNER);
  });

  it.each(['a b', '[', 'ex%ample', '::1'])("the Host header %j is the client's fault", async (host) => {
    const request = http.request(`${server.url}/graphql`, { method: 'POST', headers: { host, 'content-type': 'application/json' } });
    request.end('{"query":"{ viewer { scopes } }"}');
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(400);
  });

  it('a query by GET that names a credential, as no page of another site can, is answered', async () => {
    expect(await send('', {}, 'GET', VIEWER_BY_GET)).toMatchObject({ status: 200, text: expect.stringContaining('"scopes":') });
  });

  it('text/plain, which a page of another site may post without asking, is 400', async () => {
    expect((await send('{"query":"{ viewer { scopes } }"}', { 'content-type': 'text/plain' })).status).toBe(400);
  });

  const EVIL = [
    '\u0000',
    "' or 1=1 --",
    '%',
    '\\',
    '\ud800',
    '../../etc/passwd',
    'a'.repeat(50_000),
    '-1',
    '99999999999999999999',
    '__proto__',
  ];
  it.each(EVIL.map((value) => [JSON.stringify(value).slice(0, 24), value]))(
    'the text %s is refused or finds nothing, wherever it is put',
    async (_name, v) => {
      const answers = await Promise.all([
        ask('query($v: ID!) { activity(id: $v) { id } }', { v }),
        ask('query($v: ID!) { activities(organizationId: $v) { edges { cursor } } }', { v }),
        ask('query($o: ID!, $v: String) { activities(organizationId: $o, after: $v) { edges { cursor } } }', { o: norte.id, v }),
        ask('query($o: ID!, $v: Cursor) { feed(organizationId: $o, after: $v) { items { cursor } } }', { o: norte.id, v }),
        gql(server, server.adminKey, 'mutation($v: ID!) { replayDelivery(id: $v) { id } }', { v }),
        gql(server, server.adminKey, 'mutation($v: ID!) { revokeApiKey(id: $v) { id } }', { v }),
        gql(
          server,
          server.adminKey,
          'mutation($o: ID!, $v: String!) { createSender(organizationId: $o, channel: SMS, address: $v) { id } }',
          { o: norte.id, v: `${v}!` },
        ),
      ]);
      for (const answer of answers) {
        expect(CODES).toContain(answer.code);
        expect(answer.text).not.toMatch(INNER);
      }
      const found = await ask(
        'query($o: ID!, $v: String) { activities(organizationId: $o, filter: { participant: $v }) { edges { cursor } } }',
        { o: norte.id, v },
      );
      expect([undefined, 'BAD_USER_INPUT']).toContain(found.code);
      expect(found.data?.activities?.edges ?? []).toEqual([]);
    },
  );

  it('an input object that may be left out is checked like any other, and null is as if it were', async () => {
    const filtered = 'query($o: ID!, $f: ActivityFilter) { activities(organizationId: $o, filter: $f) { edges { node { id } } } }';
    const answer = await ask(filtered, { o: norte.id, f: { participant: 'a'.repeat(321) } });
    expect(answer.errors?.map(({ message, extensions }) => [message, extensions])).toEqual([
      ['participant must have at most 320 characters', { code: 'BAD_USER_INPUT', field: 'participant' }],
    ]);
    for (const f of [undefined, null, {}, { participant: null, channels: ['SMS'], occurredFrom: '2020-01-01T00:00:00Z' }])
      expect((await ask(filtered, { o: norte.id, f })).data.activities.edges).toHaveLength(1);
  });

  it.each([
    ['occurredFrom', '{ activities(organizationId: "1", filter: { channels: [SMS], occurredFrom: "tomorrow" }) { feedCursor } }'],
    ['channels.1', '{ activities(organizationId: "1", filter: { channels: [SMS, FAX], search: "x" }) { feedCursor } }'],
    ['direction', '{ activities(organizationId: "1", filter: { channels: [SMS], direction: [IN] }) { feedCursor } }'],
    ['nothing', '{ activities(organizationId: "1", filter: { channels: [SMS], nothing: "x" }) { feedCursor } }'],
    ['first', '{ activities(organizationId: "1", filter: { channels: [SMS] }, first: "many") { feedCursor } }'],
    ['first', '{ activities(organizationId: "1", first: """; Field "to" is not defined by type "X".""") { feedCursor } }'],
    ['first', '{ activities(first: # ", filter: { search: "\n "argument \\"x\\"", organizationId: "1") { feedCursor } }'],
    ['channels.1', '{ activities(organizationId: "1", filter: { channels # [\n: [SMS, # CALL, FAX\n FAX] }) { feedCursor } }'],
    ['v.1', 'query($o: ID, $v: [Channel!] = [SMS, FAX]) { activities(organizationId: "1", filter: { channels: $v }) { feedCursor } }'],
    ['to', 'mutation { sendEmail(input: { organizationId: "1", subject: "x" }) { id } }'],
    ['to.1', 'mutation { sendEmail(input: { to: ["a@b.example", 5], subject: "x", organizationId: "1" }) { id } }'],
    [
      'attachments.1.base64',
      'mutation { sendEmail(input: { attachments: [{ base64: "", filename: "x" }, { filename: "x", base64: 5 }], to: [] }) { id } }',
    ],
    ['attachments.1.nothing', 'mutation { sendEmail(input: { attachments: [{ base64: "" }, { nothing: 5, base64: "" }] }) { id } }'],
  ])('what does not fit in the text of a query is named, and where it stands: %s', async (field, query) => {
    const { errors } = await ask(query);
    expect(errors).toContainEqual(
      expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT', field }, locations: expect.arrayContaining([expect.anything()]) }),
    );
  });

  it('a WebSocket whose upgrade a proxy did not pass on is told so', async () => {
    const answer = await fetch(`${server.url}/graphql`, { headers: { 'sec-websocket-key': 'x', 'sec-websocket-version': '13' } });
    expect([answer.status, answer.headers.get('upgrade'), await answer.text()]).toEqual([
      426,
      'websocket',
      expect.stringContaining('proxy'),
    ]);
  });

  it('a cursor of a list is of one organization, and of one list', async () => {
    const { id, key } = await createOrganization(server);
    const asked = (list: string, after: unknown, where: { id: string; key: string }) =>
      gql(server, where.key, `query($o: ID!, $a: String) { ${list}(organizationId: $o, after: $a) { pageInfo { endCursor } } }`, {
        o: where.id,
        a: after,
      });
    const { endCursor } = (await asked('activities', null, norte)).data.activities.pageInfo;
    for (const [list, where] of [
      ['activities', { id, key }],
      ['contacts', norte],
    ] as const)
      expect((await asked(list, endCursor, where)).errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'after' });
    expect((await asked('activities', endCursor, norte)).errors).toBeUndefined();
  });

  it('a cursor that is none is named, in the text of a query too', async () => {
    const { errors } = await ask(`{ feed(organizationId: "${norte.id}", after: 12) { cursor } }`);
    expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', field: 'after' }]);
  });

  it.each(['9999-12-31T23:59:59-12:00', '0001-01-01T00:00:00+12:00', '2026-02-30T00:00:00Z'])('%s is no time', async (e) => {
    const query = 'mutation($o: ID!, $e: DateTime) { createApiKey(organizationId: $o, label: "x", expiresAt: $e) { key } }';
    const { errors } = await gql(server, server.adminKey, query, { o: norte.id, e });
    expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', field: 'e' }]);
  });

  it.each<[string, unknown, string]>([
    ['is missing', { organizationId: 'norte' }, 'to'],
    ['is not known', { organizationId: 'norte', to: ['a@b.example'], too: 1 }, 'too'],
    ['is in a list', { organizationId: 'norte', to: ['a@b.example', null] }, 'to.1'],
    ['is missing in a list', { organizationId: 'norte', to: ['a@b.example'], subject: '', attachments: [{}] }, 'attachments.0.base64'],
    ['is in no input', 7, 'input'],
  ])('what does not fit is named, where it %s', async (_what, input, field) => {
    const { errors } = await ask(`mutation($input: SendEmailInput!) { sendEmail(input: $input) { id } }`, { input });
    expect(errors?.map(({ extensions }) => extensions)).toContainEqual({ code: 'BAD_USER_INPUT', field });
  });

  it.each([
    ['by a variable', 'subscription($o: ID!, $s: Boolean!) { activityFeed(organizationId: $o) @include(if: $s) { kind } }'],
    ['by a literal', 'subscription($o: ID!) { activityFeed(organizationId: $o) @skip(if: true) { kind } }'],
    ['that cannot be parsed', 'subscription {'],
    ['without a field', 'subscription($o: ID!) { nothing(organizationId: $o) { kind } }'],
    ['with a variable that does not fit', 'subscription($o: ID!, $s: Int!) { activityFeed(organizationId: $o) { kind } }'],
    ['that says too much', `subscription { ${'a '.repeat(15_000)} }`, 'QUERY_TOO_COMPLEX', 'The query has more than 15000 tokens.'],
  ])(
    'a subscription with a condition at its root (%s) is refused, and what else its socket carries goes on',
    async (_name, query, code = 'BAD_USER_INPUT', message: unknown = expect.any(String)) => {
      const socket = createClient({
        url: `${server.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        lazy: false,
        connectionParams: { authorization: `Bearer ${norte.key}` },
      });
      const closed: unknown[] = [];
      socket.on('closed', (event) => closed.push(event));
      const heard: unknown[] = [];
      const live = 'subscription($o: ID!) { activityFeed(organizationId: $o) { kind } }';
      socket.subscribe(
        { query: live, variables: { o: norte.id } },
        { next: (one) => heard.push(one), error: () => undefined, complete: () => undefined },
      );
      await until(() => heard.length === 1, { what: 'a checkpoint' });
      const refusal = await new Promise((done) =>
        socket.subscribe({ query, variables: { o: norte.id, s: true } }, { next: done, error: done, complete: () => undefined }),
      );
      expect(refusal).toMatchObject([{ message, extensions: { code } }]);
      await deliver(server, inboundSms(server, { to: norte.number }));
      await until(() => heard.length === 2, { what: 'what came after it' });
      expect(closed).toEqual([]);
      await socket.dispose();
    },
  );

  it.each([
    ['0000-01-01T00:00:00Z', 'occurredFrom'],
    ['0001-01-01T00:00:00+14:00', 'occurredFrom'],
    ['2026-02-30T00:00:00Z', 'occurredFrom'],
    ['2026-13-01T00:00:00Z', 'occurredFrom'],
  ])('the time %s is refused, and the field named', async (v, field) => {
    const answer = await ask(
      'query($o: ID!, $v: DateTime) { activities(organizationId: $o, filter: { occurredFrom: $v }) { edges { cursor } } }',
      {
        o: norte.id,
        v,
      },
    );
    expect([answer.code, JSON.stringify(answer.errors)]).toEqual([
      'BAD_USER_INPUT',
      expect.stringContaining(field === 'occurredFrom' ? 'DateTime' : field),
    ]);
  });

  it('JSON without a bottom is refused, as a variable and in the text', async () => {
    const input = { organizationId: norte.id, to: '+12025550147', body: 'a' };
    const metadata = JSON.parse(`${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`) as object;
    const mutation = 'mutation($input: SendSmsInput!) { sendSms(input: $input) { id } }';
    const inText = `mutation { sendSms(input: { organizationId: "${norte.id}", to: "+12025550147", body: "a", metadata: ${'[ '.repeat(200)}${'] '.repeat(200)} }) { id } }`;
    for (const answer of [await ask(mutation, { input: { ...input, metadata } }), await ask(inText)]) {
      expect(answer.code).toBe('BAD_USER_INPUT');
      expect(answer.text).toMatch(/levels deep/);
    }
  });

  it('the standard introspection is answered, whole', async () => {
    for (const options of [
      {},
      { descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true },
    ]) {
      const answer = await ask(getIntrospectionQuery(options));
      expect([answer.errors, answer.data.__schema.queryType.name]).toEqual([undefined, 'Query']);
    }
  });

  it('50 activities with all their lists, and 400 fields, are answered', async () => {
    expect((await ask(`{ ${list(50, ACTIVITY)} }`)).errors).toBeUndefined();
    const fields = Array.from({ length: 400 }, (_, i) => `f${i}: __typename`).join(' ');
    expect((await ask(`{ viewer { ${fields} } }`)).errors).toBeUndefined();
  });

  it('while the database is away an operation is answered INTERNAL, with nothing of the inside', async () => {
    const giveBack = await takeAway(server.database);
    const answer = await ask(`{ ${list(1)} }`).finally(giveBack);
    expect(answer.code).toBe('INTERNAL');
    expect(answer.text).not.toMatch(INNER);
    expect(answer.text).not.toMatch(/database|connect/i);
  });
});
