import { Newcomer } from '../support/command.js';
import { createDatabase } from '../support/database.js';
import { ServerProcess } from '../support/server-process.js';

describe('`centralita doctor`', () => {
  let server: ServerProcess;
  let command: Newcomer;
  beforeAll(async () => {
    server = await ServerProcess.start();
    command = await Newcomer.create();
  });
  afterAll(async () => {
    command.dispose();
    await server.dispose();
  });

  const TOKEN = 'a-token-that-is-secret';
  const environment = () => ({
    PORT: String(server.port),
    ADMIN_API_KEY: server.adminKey,
    DATABASE_URL: server.database.url,
    PUBLIC_URL: 'https://hub.example',
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: TOKEN,
  });

  it('finds senders missing first, and with one all is well: it tells what to paste, exits 0 and shows no value', async () => {
    expect(await command.run(['doctor'], environment())).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('FIX  Senders: none') as string,
    });
    await server.database.query(
      `insert into sender (id, organization_id, channel, address, provider) values (gen_random_uuid(), '1', 'SMS', '+12025550110', 'TWILIO')`,
    );
    const { code, stdout, stderr } = await command.run(['doctor'], environment());
    expect([code, stderr]).toEqual([0, '']);
    for (const line of [
      'Twilio: on; TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN set',
      'Twilio, sending: on',
      'Pooling: direct, or a session at a time',
      'Migrations: all',
      'Search: by an index',
      'Senders: VOICE 0, SMS 1, WHATSAPP 0, EMAIL 0',
      'https://hub.example/api/webhooks/sms/twilio#rc=5&rp=all',
    ])
      expect(stdout).toContain(line);
    for (const value of [TOKEN, server.adminKey, '0'.repeat(32)]) expect(stdout).not.toContain(value);
  });

  it('finds an account whose secrets another key sealed', async () => {
    const accountId = `AC${'7'.repeat(32)}`;
    await server.database.query(
      `insert into provider_account (id, organization_id, provider, account_id, secrets) values (gen_random_uuid(), '1', 'TWILIO', $1, '\\x01'::bytea)`,
      [accountId],
    );
    const { code, stdout } = await command.run(['doctor'], environment());
    await server.database.query('delete from provider_account');
    expect([code, stdout]).toEqual([
      1,
      expect.stringContaining(`FIX  Provider account ${accountId} (TWILIO) of organization 1: its secrets do not open`),
    ]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['a value that is none', { PORT: 'x' }, 'FIX  Http: PORT must be'],
    ['no PUBLIC_URL', { PUBLIC_URL: '' }, 'FIX  PUBLIC_URL: unset'],
    ['a PUBLIC_URL of this machine', { PUBLIC_URL: 'http://localhost:3000' }, 'FIX  PUBLIC_URL: providers cannot reach'],
    ['a PUBLIC_URL without TLS', { PUBLIC_URL: 'http://hub.example' }, 'FIX  PUBLIC_URL: http://'],
    [
      'a database that is not there',
      { DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none' },
      'FIX  Database: PostgreSQL at 127.0.0.1:9/none',
    ],
  ])('exits 1 for %s, and says what to do', async (_name, more, line) => {
    const { code, stdout, stderr } = await command.run(['doctor'], { ...environment(), ...more });
    expect([code, stdout, stderr]).toEqual([1, expect.stringContaining(line), expect.stringMatching(/\d to fix/)]);
    expect(stdout + stderr).not.toContain(TOKEN);
  });

  it('finds a database that a newer version migrated', async () => {
    const newer = await createDatabase();
    await newer.query(
      `insert into _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
       values ('newer', 'x', now(), '99991231000000_from_the_future', now(), 1)`,
    );
    const { code, stdout } = await command.run(['doctor'], { ...environment(), DATABASE_URL: newer.url });
    await newer.drop();
    expect([code, stdout]).toEqual([1, expect.stringContaining('FIX  Migrations: the database was migrated by a newer Centralita')]);
  });

  it('says of a folder where nothing is set and nothing runs that all is off, and exits 0', async () => {
    const newcomer = await Newcomer.create();
    const { code, stdout } = await newcomer.run(['doctor']);
    newcomer.dispose();
    expect([code, stdout]).toEqual([0, expect.stringContaining('off  Server: No Centralita answers')]);
    expect(stdout).toContain('off  Twilio: off');
  });
});
