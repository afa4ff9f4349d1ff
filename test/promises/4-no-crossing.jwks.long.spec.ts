import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';
import { createOrganization, type TestOrganization } from '../factories/organization.js';
import { secondsFromNow, token } from '../factories/token.js';
import { gql } from '../support/graphql.js';
import { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

const ISSUER = 'https://login.example';

type Signer = { readonly kid: string; readonly alg: string } & Awaited<ReturnType<typeof generateKeyPair>>;

/** An identity provider: it publishes the keys it is told to, as long as it answers. */
class Login {
  keys: JWK[] = [];
  /** What it does instead of answering with its keys. */
  trouble: 'none' | 'silence' | 'failure' | 'nonsense' = 'none';
  asked = 0;
  private readonly server: Server = createServer((_request, response) => {
    this.asked++;
    if (this.trouble === 'silence') return;
    response.statusCode = this.trouble === 'failure' ? 500 : 200;
    response.end(this.trouble === 'nonsense' ? '<html>' : JSON.stringify({ keys: this.keys }));
  });

  async listen(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/jwks`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  async publish(...signers: Signer[]): Promise<void> {
    this.keys = await Promise.all(
      signers.map(async ({ kid, alg, publicKey }) => ({ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' })),
    );
  }
}

const makeSigner = async (kid: string, alg: string): Promise<Signer> => ({
  kid,
  alg,
  ...(await generateKeyPair(alg, { extractable: true })),
});

describe('A JSON Web Token of a login that publishes its keys', () => {
  const login = new Login();
  let server: ServerProcess;
  let norte: TestOrganization;
  let sur: TestOrganization;
  let first: Signer;

  beforeAll(async () => {
    first = await makeSigner('first', 'RS256');
    await login.publish(first);
    await login.listen();
    server = await ServerProcess.start({ env: { JWT_JWKS_URL: login.url, JWT_ISSUER: ISSUER, RATE_LIMIT_GRAPHQL: '1000/10000' } });
    [norte, sur] = [await createOrganization(server, 'norte'), await createOrganization(server, 'sur')];
  });
  afterAll(async () => {
    login.close();
    await server.dispose();
  });

  const claims = () => ({ iss: ISSUER, sub: 'ana', exp: secondsFromNow(300), organizations: [norte.id], scope: 'read' });
  const sign = ({ kid, alg, privateKey }: Signer) => new SignJWT(claims()).setProtectedHeader({ alg, kid }).sign(privateKey);
  const list = async (key: string, organization = norte, at = server) =>
    (await gql(at, key, 'query($o: ID!) { activities(organizationId: $o) { edges { cursor } } }', { o: organization.id })).code;

  it('opens the organizations it names and no other, and the keys are asked for once', async () => {
    const ana = await sign(first);
    expect(await list(ana)).toBeUndefined();
    expect(await list(ana, sur)).toBe('NOT_FOUND');
    await Promise.all(Array.from({ length: 10 }, () => list(ana)));
    expect(login.asked).toBe(1);
  });

  it.each<[string, () => Promise<string> | string]>([
    ['that a key of nobody signed', async () => sign(await makeSigner('first', 'RS256'))],
    ['with the algorithm none', () => token('', claims(), 'none')],
    [
      'whose HMAC was made with the public key as PEM',
      async () => {
        const head = Buffer.from(JSON.stringify({ alg: 'HS256', kid: 'first' })).toString('base64url');
        const signed = `${head}.${Buffer.from(JSON.stringify(claims())).toString('base64url')}`;
        return `${signed}.${createHmac('sha256', await exportSPKI(first.publicKey))
          .update(signed)
          .digest('base64url')}`;
      },
    ],
    ['whose HMAC was made with the public key as JSON', async () => token(JSON.stringify(await exportJWK(first.publicKey)), claims())],
    [
      'of another issuer',
      () =>
        new SignJWT({ ...claims(), iss: 'https://evil.example' }).setProtectedHeader({ alg: 'RS256', kid: 'first' }).sign(first.privateKey),
    ],
    [
      'that brings its own key',
      async () => {
        const own = await makeSigner('own', 'RS256');
        const header = { alg: 'RS256', kid: 'own', jwk: await exportJWK(own.publicKey), jku: 'https://evil.example/jwks' };
        return new SignJWT(claims()).setProtectedHeader(header).sign(own.privateKey);
      },
    ],
  ])('%s is UNAUTHENTICATED', async (_name, make) => {
    expect(await list(await make())).toBe('UNAUTHENTICATED');
  });

  it('of a key that was published since is accepted, and of one that was withdrawn refused', async () => {
    const second = await makeSigner('second', 'ES256');
    await login.publish(second);
    const [old, young] = [await sign(first), await sign(second)];
    await until(async () => (await list(young)) === undefined, { ms: 15_000, what: 'the new key' });
    expect(await list(old)).toBe('UNAUTHENTICATED');
    await login.publish(first);
  });

  it('whose key is unknown has the keys read again, and a flood of such does not', async () => {
    const invented = await Promise.all(Array.from({ length: 20 }, (_, i) => makeSigner(`invented-${i}`, 'ES256').then(sign)));
    const before = login.asked;
    for (const one of invented) expect(await list(one)).toBe('UNAUTHENTICATED');
    expect(login.asked - before).toBeLessThanOrEqual(2);
  });

  it.each(['silence', 'failure', 'nonsense'] as const)(
    'is UNAUTHENTICATED within seconds while the login answers with %s, the log says so, and it is accepted afterwards',
    async (trouble) => {
      login.trouble = trouble;
      const other = await ServerProcess.start({ besides: server, env: { JWT_JWKS_URL: login.url, JWT_ISSUER: ISSUER } });
      try {
        await login.publish(first);
        const ana = await sign(first);
        const from = Date.now();
        expect(await list(ana, norte, other)).toBe('UNAUTHENTICATED');
        expect(Date.now() - from).toBeLessThan(5_000);
        expect(await list(norte.key, norte, other)).toBeUndefined();
        await until(() => /access\.keys_un(reachable|usable)/.test(other.printed));
        login.trouble = 'none';
        await until(async () => (await list(ana, norte, other)) === undefined, { ms: 10_000, what: 'the login is back' });
      } finally {
        login.trouble = 'none';
        await other.dispose();
      }
    },
  );

  it('of a login that is not there at all is UNAUTHENTICATED', async () => {
    const other = await ServerProcess.start({ besides: server, env: { JWT_JWKS_URL: 'http://127.0.0.1:9/jwks' } });
    expect(await list(await sign(first), norte, other)).toBe('UNAUTHENTICATED');
    expect(other.isRunning).toBe(true);
    await until(() => other.printed.includes('access.keys_unreachable'));
    await other.dispose();
  });
});
