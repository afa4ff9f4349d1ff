import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Newcomer, type RunningServer } from '../support/command.js';
import { until } from '../support/until.js';

describe('A start as a newcomer has it', () => {
  let newcomer: Newcomer;
  let server: RunningServer;
  beforeAll(async () => {
    newcomer = await Newcomer.create();
    server = await newcomer.start({}, 'bin/centralita.js');
  });
  afterAll(() => newcomer.dispose());

  const adminKey = () => readFileSync(path.join(newcomer.dataDir, 'admin-key'), 'utf8').trim();
  const ask = async (query: string) => {
    const response = await fetch(`${newcomer.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${adminKey()}` },
      body: JSON.stringify({ query }),
    });
    return ((await response.json()) as { data: any }).data; // eslint-disable-line @typescript-eslint/no-explicit-any -- the shape is the query's
  };
  const bodies = async (): Promise<string[]> =>
    (await ask('{ activities(organizationId: "1", first: 200) { edges { node { body } } } }')).activities.edges.map(
      (edge: { node: { body: string } }) => edge.node.body,
    );

  it('ends its lines with where it is ready', () => {
    expect(server.lines.at(-1)).toBe(`Centralita is ready at ${newcomer.url}`);
  });

  it('leaves the administrator a key that its owner alone can read', () => {
    expect(statSync(path.join(newcomer.dataDir, 'admin-key')).mode & 0o777).toBe(0o600);
    expect(adminKey().length).toBeGreaterThanOrEqual(24);
    expect(server.lines.join('\n')).not.toContain(adminKey());
  });

  it('can keep the secrets of a provider account, by a key that its owner alone can read', async () => {
    expect(statSync(path.join(newcomer.dataDir, 'secrets-key')).mode & 0o777).toBe(0o600);
    const given = `organizationId: "1", provider: TWILIO, accountId: "AC${'1'.repeat(32)}", secrets: { authToken: "a-token-of-it" }`;
    expect(await ask(`mutation { createProviderAccount(${given}) { accountId label } }`)).toEqual({
      createProviderAccount: { accountId: `AC${'1'.repeat(32)}`, label: null },
    });
  });

  it('has organization 1 with a sender on every channel', async () => {
    const { viewer } = await ask('{ viewer { scopes organizations { id senders { channel } } } }');
    expect(viewer.organizations.map((organization: { id: string }) => organization.id)).toEqual(['1']);
    const channels = viewer.organizations[0].senders.map((sender: { channel: string }) => sender.channel);
    expect([...new Set(channels)].sort()).toEqual(['EMAIL', 'SMS', 'VOICE', 'WHATSAPP']);
  });

  it('has every door configured', async () => {
    for (const door of ['sms/twilio', 'whatsapp/twilio', 'voip/twilio', 'email/twilio', 'email/sendgrid', 'email/sendgrid/inbound'])
      expect(await (await fetch(`${newcomer.url}/api/webhooks/${door}`)).json()).toMatchObject({ configured: true });
  });

  it('answers on the health routes', async () => {
    for (const route of ['live', 'ready']) expect((await fetch(`${newcomer.url}/health/${route}`)).status).toBe(200);
  });

  it('shows an SMS that `simulate sms` plays, and exits 0', async () => {
    const { code, stdout } = await newcomer.run(['simulate', 'sms', '--body', 'una prueba']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('una prueba')]);
    expect(await bodies()).toContain('una prueba');
  });

  it('shows a WhatsApp message that `simulate whatsapp` plays, without the prefix of its addresses', async () => {
    const { code, stdout } = await newcomer.run(['simulate', 'whatsapp', '--body', 'otra prueba']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Received in \d+ ms:/);
    expect(stdout).toMatch(/channel +WHATSAPP\n/);
    expect(stdout).toMatch(/body +otra prueba\n/);
    expect(stdout).not.toContain('whatsapp:');
  });

  it('takes the signed command that `simulate sms --curl` prints', async () => {
    const { code, stdout } = await newcomer.shell(`centralita simulate sms --body "it's $HOME" --curl | bash`);
    expect([code, stdout.split('\r\n')[0]]).toEqual([0, expect.stringMatching(/^HTTP\/1\.1 200/)]);
    expect((await bodies()).some((body) => body.startsWith("it's"))).toBe(true);
  });

  it('says to whoever is refused in the sandbox how to sign', async () => {
    const refused = await fetch(`${newcomer.url}/api/webhooks/sms/twilio`, {
      method: 'POST',
      body: new URLSearchParams({ Body: 'unsigned' }),
    });
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('simulate sms --curl')]);
  });

  it('gives `keys create` a key for one organization, alone on standard output, and never one for all', async () => {
    const made = await newcomer.run(['keys', 'create', '--organization', '1', '--scopes', 'read']);
    expect([made.code, made.stdout]).toEqual([0, expect.stringMatching(/^\S{24,}\n$/)]);
    const response = await fetch(`${newcomer.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${made.stdout.trim()}` },
      body: '{"query":"{ viewer { scopes organizations { id } } }"}',
    });
    expect(await response.json()).toEqual({ data: { viewer: { scopes: ['READ'], organizations: [{ id: '1' }] } } });
    for (const words of [['--organization', '1', '--scopes', 'ADMIN'], ['--organization', 'nobody'], []]) {
      const refused = await newcomer.run(['keys', 'create', ...words]);
      expect([refused.code, refused.stdout]).toEqual([1, '']);
    }
  });

  it('refuses a second process on the same DATA_DIR, and the first serves on', async () => {
    const second = await newcomer.run(['start'], { PORT: String(newcomer.port + 1) });
    expect([second.code, second.stderr.trim()]).toEqual([1, expect.stringMatching(/^DATA_DIR \S+ is in use by another Centralita[^\n]*$/)]);
    expect((await fetch(`${newcomer.url}/health/ready`)).status).toBe(200);
  });

  it('writes no secret, no body and no whole address into its log', async () => {
    await newcomer.run(['simulate', 'sms', '--from', '+12025550147', '--body', 'confidencial']);
    await until(() => server.lines.some((line) => line.includes('delivery.recorded')), { what: 'a line of the delivery' });
    const log = server.lines.filter((line) => line.startsWith('{')).join('\n');
    const sandbox = readFileSync(path.join(newcomer.dataDir, 'sandbox.json'), 'utf8');
    const secrets = [...sandbox.matchAll(/[0-9a-f]{32}/g)].map(([secret]) => secret);
    expect(secrets.length).toBeGreaterThan(0);
    for (const secret of [...secrets, adminKey(), 'confidencial', '2025550147']) expect(log).not.toContain(secret);
  });

  it('exits 0 at a SIGTERM, stops its PostgreSQL, and starts again with its data, twice in a row', async () => {
    for (const round of ['one', 'two']) {
      expect(newcomer.postgres).toEqual(expect.any(Number));
      expect(await server.signal('SIGTERM')).toBe(0);
      expect(newcomer.postgres).toBeUndefined();
      server = await newcomer.start();
      expect(await bodies()).toContain('una prueba');
      await newcomer.run(['simulate', 'sms', '--body', round]);
    }
    expect(await bodies()).toEqual(expect.arrayContaining(['one', 'two']));
  });

  it('starts again after a kill -9, and has its data', async () => {
    await server.signal('SIGKILL');
    server = await newcomer.start();
    expect(await bodies()).toEqual(expect.arrayContaining(['one', 'two']));
  });

  it('lets `migrate --new-epoch` begin a new epoch while it is stopped, and none without', async () => {
    await server.signal('SIGTERM');
    const plain = await newcomer.run(['migrate']);
    expect([plain.code, plain.stdout]).toEqual([0, 'The database was up to date.\n']);
    const fresh = await newcomer.run(['migrate', '--new-epoch']);
    expect([fresh.code, fresh.stdout]).toEqual([0, expect.stringContaining('new epoch')]);
    expect(newcomer.postgres).toBeUndefined();
  });
});
