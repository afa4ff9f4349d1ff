import { createOrganization, type TestOrganization } from '../factories/organization.js';
import { secondsFromNow, token } from '../factories/token.js';
import { FeedClient, stopListening } from '../support/feed-client.js';
import { gql } from '../support/graphql.js';
import { TestServer } from '../support/server.js';

const SECRET = 'the secret an identity provider shares with us';
const ISSUER = 'https://login.example';
const AUDIENCE = 'centralita';

describe('A JSON Web Token', () => {
  let server: TestServer;
  let norte: TestOrganization;
  let sur: TestOrganization;

  beforeAll(async () => {
    server = await TestServer.start({ env: { JWT_SECRET: SECRET, JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE } });
    [norte, sur] = [await createOrganization(server, 'norte'), await createOrganization(server, 'sur')];
  });
  afterAll(async () => {
    stopListening();
    await server.dispose();
  });

  const claims = (more: Record<string, unknown> = {}) => ({
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'ana',
    exp: secondsFromNow(60),
    organizations: [norte.id],
    scope: 'read send',
    ...more,
  });
  const list = (key: string, organization: TestOrganization, at = server) =>
    gql(at, key, 'query($o: ID!) { activities(organizationId: $o) { edges { cursor } } }', { o: organization.id });
  const viewer = async (key: string, at = server) => (await gql(at, key, '{ viewer { scopes organizations { id } } }')).data.viewer;

  it('opens the organizations it names, with the scopes it names, and no other', async () => {
    const ana = token(SECRET, claims());
    expect(await viewer(ana)).toEqual({ scopes: ['READ', 'SEND'], organizations: [{ id: norte.id }] });
    expect((await list(ana, norte)).errors).toBeUndefined();
    expect((await list(ana, sur)).code).toBe('NOT_FOUND');
    expect((await list(token(SECRET, claims({ scope: 'send' })), norte)).code).toBe('FORBIDDEN');
    expect((await list(token(SECRET, claims(), 'HS512'), norte)).errors).toBeUndefined();
  });

  it('names nobody by what no database can hold, and is none the worse for it', async () => {
    const odd = token(SECRET, claims({ organizations: [`${norte.id}\0`, '\ud800', norte.id], sub: 'a\0b' }));
    expect(await viewer(odd)).toEqual({ scopes: ['READ', 'SEND'], organizations: [{ id: norte.id }] });
    const sent = await gql(server, odd, 'mutation($i: SendSmsInput!) { sendSms(input: $i) { sentBy } }', {
      i: { organizationId: norte.id, to: '+12025550147', body: 'a' },
    });
    expect(sent.data.sendSms.sentBy).toBe('token');
  });

  it.each<[string, () => string]>([
    ['that has expired', () => token(SECRET, claims({ exp: secondsFromNow(-1) }))],
    ['that is not yet valid', () => token(SECRET, claims({ nbf: secondsFromNow(60) }))],
    ['with the algorithm none', () => token(SECRET, claims(), 'none')],
    ['signed with another secret', () => token('another secret, as long as the first one', claims())],
    ['of another issuer', () => token(SECRET, claims({ iss: 'https://login.evil.example' }))],
    ['of no issuer', () => token(SECRET, claims({ iss: undefined }))],
    ['for another audience', () => token(SECRET, claims({ aud: 'another' }))],
    [
      'whose claims were changed',
      () => token(SECRET, claims()).replace(/\.[^.]+\./, `.${Buffer.from(JSON.stringify(claims({ sub: 'eva' }))).toString('base64url')}.`),
    ],
    ['without its signature', () => token(SECRET, claims()).replace(/[^.]+$/, '')],
    ['that is none', () => 'a.b.c'],
  ])('%s is UNAUTHENTICATED, over HTTP and at the handshake', async (_name, make) => {
    const answer = await list(make(), norte);
    expect([answer.status, answer.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect(await new FeedClient(server, make(), 'activityCreated', { organizationId: norte.id }, null, false).closed()).toBe(4401);
  });

  it.each([
    ['names no organization', { organizations: undefined }],
    ['names its organizations as one text', { organizations: 'ALL' }],
    ['names what are no ids', { organizations: [1.5, null, {}] }],
  ])('that %s opens none', async (_name, more) => {
    expect((await list(token(SECRET, claims(more)), norte)).code).toBe('NOT_FOUND');
  });

  it('may name an organization by a number', async () => {
    expect(await viewer(token(SECRET, claims({ organizations: [1] })))).toMatchObject({ organizations: [{ id: '1' }] });
  });

  it('with the scope admin is nothing more than without it, unless JWT_ADMIN is true', async () => {
    const root = token(SECRET, claims({ scope: 'read admin' }));
    expect(await viewer(root)).toEqual({ scopes: ['READ'], organizations: [{ id: norte.id }] });
    expect((await list(root, sur)).code).toBe('NOT_FOUND');
    expect((await gql(server, root, '{ deliveries { edges { cursor } } }')).code).toBe('FORBIDDEN');

    const trusting = await TestServer.start({ besides: server, env: { JWT_SECRET: SECRET, JWT_ADMIN: 'true' } });
    try {
      expect((await list(root, sur, trusting)).errors).toBeUndefined();
      expect((await gql(trusting, root, '{ deliveries { edges { cursor } } }')).errors).toBeUndefined();
      expect((await list(token(SECRET, claims()), sur, trusting)).code).toBe('NOT_FOUND');
    } finally {
      await trusting.dispose();
    }
  });

  it('that expires while a socket stands on it has the socket closed with 4403 within 5 s', async () => {
    const exp = secondsFromNow(2);
    const client = await new FeedClient(
      server,
      token(SECRET, claims({ exp })),
      'activityFeed',
      { organizationId: norte.id },
      null,
      false,
    ).live();
    expect(await client.closed()).toBe(4403);
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000);
    expect(Date.now()).toBeLessThan(exp * 1000 + 5_000);
  });
});
