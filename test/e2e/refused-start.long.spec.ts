import net from 'node:net';
import { once } from 'node:events';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { Newcomer } from '../support/command.js';

/** Fits no variable, and is to be found in nothing that is printed. */
const VALUE = 'no such-value-s3cr3t';
const BAD = {
  PORT: VALUE,
  PUBLIC_URL: VALUE,
  CORS_ORIGINS: VALUE,
  RATE_LIMIT_REFUSED: VALUE,
  RATE_LIMIT_GRAPHQL: VALUE,
  LOG_LEVEL: VALUE,
  DEBUG: VALUE,
  ADMIN_API_KEY: 'short-s3cr3t',
  JWT_SECRET: 's3cr3t',
  JWT_JWKS_URL: VALUE,
  JWT_ADMIN: VALUE,
  DEFAULT_ORGANIZATION: VALUE,
  SECRETS_KEY: VALUE,
  TWILIO_ACCOUNT_SID: VALUE,
  TWILIO_AUTH_TOKEN: 's3cr3t',
  TWILIO_AUTH_TOKEN_SECONDARY: 's3cr3t',
  TWILIO_PHONE_NUMBER: VALUE,
  TWILIO_WHATSAPP_NUMBER: VALUE,
  TWILIO_MESSAGING_SERVICE_SID: VALUE,
  TWILIO_BASE_URL: VALUE,
  SENDGRID_API_KEY: VALUE,
  SENDGRID_WEBHOOK_KEY: VALUE,
  SENDGRID_INBOUND_TOKEN: 's3cr3t',
  SENDGRID_FROM_EMAIL: VALUE,
  SENDGRID_BASE_URL: VALUE,
};

describe('A start that cannot be is refused with one line for a person, and exits 1', () => {
  let newcomer: Newcomer;
  let database: TestDatabase;
  beforeAll(async () => {
    newcomer = await Newcomer.create();
    database = await createDatabase();
  });
  afterAll(async () => {
    newcomer.dispose();
    await database.drop();
  });

  const start = async (env: Record<string, string>) => {
    const { code, stdout, stderr } = await newcomer.run(['start'], { DATABASE_URL: database.url, ...env });
    expect(stdout).not.toContain('ready');
    return { code, lines: stderr.trim().split('\n') };
  };

  it.each(['DATABASE_URL', 'SANDBOX'])('a value of %s that is none is named, and not shown', async (name) => {
    const { code, lines } = await start({ [name]: VALUE });
    expect([code, lines]).toEqual([1, [expect.stringContaining(name)]]);
    expect(lines[0]).not.toContain(VALUE);
  });

  it('all other values that are none are named at once, a line each, and none is shown', async () => {
    const { code, lines } = await start(BAD);
    expect([code, lines.map((line) => line.split(' ')[0]).sort()]).toEqual([1, Object.keys(BAD).sort()]);
    for (const value of Object.values(BAD)) expect(lines.join('\n')).not.toContain(value);
  });

  it.each([
    ['WHATSAPP_VERIFY_TOKEN', {}],
    ['TWILIO_AUTH_TOKEN', { SANDBOX: 'true' }],
    ['WHATSAPP_APP_SECRET', { SANDBOX: 'true' }],
    ['SENDGRID_WEBHOOK_KEY', { SANDBOX: 'true' }],
  ])('a value of %s that is none is named with %j too, where the sandbox has one of its own', async (name, env) => {
    const { code, lines } = await start({ [name]: 's3cr3t', ...env });
    expect([code, lines]).toEqual([1, [expect.stringContaining(name)]]);
    expect(lines[0]).not.toContain('s3cr3t');
  });

  it('real credentials without PUBLIC_URL are refused with a line that names it', async () => {
    const { code, lines } = await start({ TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: 'an-auth-token' });
    expect([code, lines]).toEqual([1, [expect.stringContaining('PUBLIC_URL')]]);
    expect(lines[0]).not.toContain('an-auth-token');
  });

  it('the sandbox turned off without credentials is named, and so is a DATA_DIR that is no folder or cannot be one', async () => {
    const off = await start({ SANDBOX: 'false' });
    expect([off.code, off.lines]).toEqual([1, [expect.stringMatching(/^PUBLIC_URL .*SANDBOX=false/)]]);
    const file = await start({ DATA_DIR: process.execPath });
    expect([file.code, file.lines]).toEqual([1, [expect.stringMatching(/^DATA_DIR must be a folder/)]]);
    const takesNone = await start({ DATA_DIR: '/proc/centralita' });
    expect([takesNone.code, takesNone.lines]).toEqual([1, [expect.stringMatching(/DATA_DIR/)]]);
  });

  it('a secret and a key set at once are refused with a line that names both', async () => {
    const { code, lines } = await start({ JWT_SECRET: 'a secret of sixteen', JWT_JWKS_URL: 'https://login.example/jwks' });
    expect([code, lines]).toEqual([1, [expect.stringMatching(/JWT_JWKS_URL.*JWT_SECRET/)]]);
  });

  it('a PORT that is taken is named', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as net.AddressInfo;
    const { code, lines } = await start({ PORT: String(port), LOG_LEVEL: 'silent' });
    taken.close();
    expect([code, lines]).toEqual([1, [expect.stringMatching(`^PORT ${port} is taken`)]]);
  });

  it('a database that a newer Centralita migrated is refused, and left as it is', async () => {
    const own = await createDatabase();
    try {
      await own.query(
        `insert into _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
         values ('newer', 'x', now(), '99991231000000_from_the_future', now(), 1)`,
      );
      const { code, lines } = await start({ DATABASE_URL: own.url });
      expect([code, lines]).toEqual([1, [expect.stringMatching(/newer Centralita.*99991231000000_from_the_future/)]]);
      expect(await own.query('select 1 from organization')).toEqual([]);
    } finally {
      await own.drop();
    }
  });

  describe('a database that is none for us is refused with its cure, and doctor says the same', () => {
    const ROLE = `limited_${process.pid}`;
    let own: TestDatabase;
    beforeAll(async () => {
      await database.query(`create role ${ROLE} login`);
    });
    afterEach(async () => {
      await own.query(`drop owned by ${ROLE}`);
      await own.drop();
    });
    afterAll(async () => {
      await database.query(`drop role ${ROLE}`);
    });

    it.each<[string, string, string, string, RegExp]>([
      ['is not of UTF-8', "template template0 encoding 'LATIN1' locale 'C'", '', '', /LATIN1.*create database/],
      ['has no schema that its search_path names', '', '', '&options=-c%20search_path%3Dnope', /search_path \(nope\).*create schema/],
      [
        'has a Centralita in another schema',
        'template template',
        'create schema b',
        '&options=-c%20search_path%3Db',
        /public has a Centralita.*\?schema=public/,
      ],
      ['lets the role make no tables', '', '', '&role', /grant create on schema "public"/],
      ['lets the role make no schemas', '', `grant create on schema public to ${ROLE}`, '&role', /grant create on database/],
    ])('one that %s', async (_name, options, prepare, parameters, cure) => {
      own = await createDatabase(options);
      await own.query(prepare);
      const url = new URL(own.url + parameters.replace('&role', ''));
      if (parameters === '&role') url.username = ROLE;
      const { code, lines } = await start({ DATABASE_URL: url.href });
      expect([code, lines]).toEqual([1, [expect.stringMatching(cure)]]);
      expect(lines[0]).toMatch(/^DATABASE_URL/);
      const { stdout } = await newcomer.run(['doctor'], { DATABASE_URL: url.href });
      expect(stdout.split('\n').filter((line) => line.includes('FIX') && cure.test(line))).toHaveLength(1);
    });
  });

  it('a command that is none, or that finds no server, says what to do', async () => {
    expect(await newcomer.run(['fly'])).toMatchObject({ code: 1, stderr: expect.stringContaining('--help') as string });
    expect(await newcomer.run(['simulate', 'sms'])).toMatchObject({ code: 1, stderr: expect.stringContaining('npm start') as string });
  });
});
