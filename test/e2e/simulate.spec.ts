import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Newcomer } from '../support/command.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

/** The lines of a dialog: when, → what was delivered, ← what was heard. */
const LINE = /^ *\d+ ms {2}([→←]) (.+)$/gm;

describe('`simulate`', () => {
  let database: TestDatabase;
  let newcomer: Newcomer;
  beforeAll(async () => {
    database = await createDatabase();
    newcomer = await Newcomer.create();
    await newcomer.start({ DATABASE_URL: database.url });
  });
  afterAll(async () => {
    newcomer.dispose();
    await database.drop();
  });

  const ask = async (query: string) => {
    const key = readFileSync(path.join(newcomer.dataDir, 'admin-key'), 'utf8').trim();
    const response = await fetch(`${newcomer.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query }),
    });
    return ((await response.json()) as { data: any }).data; // eslint-disable-line @typescript-eslint/no-explicit-any -- the shape is the query's
  };
  const newest = async (channel: string) => {
    const of = `organizationId: "1", first: 1, filter: { channels: [${channel}] }`;
    const fields = 'status durationSeconds from to subject body provider attachments { contentType } milestones { status }';
    return (await ask(`{ activities(${of}) { edges { node { ${fields} } } } }`)).activities.edges[0].node;
  };

  it('call: delivers a call that rings, is answered and is completed in any order and in part twice, and shows each happening once', async () => {
    const { code, stdout } = await newcomer.run(['simulate', 'call', '--seconds', '61']);
    const lines = [...stdout.matchAll(LINE)].map(([, arrow, text]) => ({ arrow, text: text! }));
    const told = lines.filter(({ arrow }) => arrow === '→').map(({ text }) => text);
    const heard = lines
      .filter(({ arrow, text }) => arrow === '←' && !text.includes('ATTACHMENT'))
      .map(({ text }) => text.replace(/^(CREATED|UPDATED): (STATUS )?/, ''));
    expect(code).toBe(0);
    expect(told.filter((text) => !text.endsWith(' (again)')).sort()).toEqual([
      'it was answered, a message was left',
      'the call is completed',
      'the call rings',
      'the recording is ready',
    ]);
    expect([told.length, heard.length]).toEqual([6, 4]);
    expect(stdout).toMatch(/^It ends as COMPLETED after 61 s:$/m);
    expect(stdout).toMatch(/^ +attachments +audio\/mpeg, [A-Z]+$/m);
    expect(await newest('VOICE')).toMatchObject({
      status: 'COMPLETED',
      durationSeconds: 61,
      attachments: [{ contentType: 'audio/mpeg' }],
      milestones: expect.arrayContaining(['RINGING', 'ANSWERED', 'COMPLETED'].map((status) => ({ status }))) as unknown,
    });
  });

  it('call --curl: prints it as commands that are taken in the order they stand', async () => {
    const { code, stdout, stderr } = await newcomer.shell('set -o pipefail; centralita simulate call --seconds 7 --curl | bash');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.match(/HTTP\/1\.1 20[04]/g)).toHaveLength(6);
    expect(await newest('VOICE')).toMatchObject({ status: 'COMPLETED', durationSeconds: 7 });
  });

  it('mms: shows a message with a picture and a document, and says that they are samples', async () => {
    const { code, stdout } = await newcomer.run(['simulate', 'mms', '--body', 'mire']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Received in \d+ ms:/);
    expect(stdout).toMatch(/attachments +image\/jpeg, [A-Z]+\n +application\/pdf, [A-Z]+\n/);
    expect(stdout).toMatch(/Its files are made up/);
    expect(await newest('SMS')).toMatchObject({
      body: 'mire',
      attachments: [{ contentType: 'image/jpeg' }, { contentType: 'application/pdf' }],
    });
  });

  it('email: shows a mail that is signed as SendGrid signs', async () => {
    const { code, stdout } = await newcomer.run(['simulate', 'email', '--subject', '¿Abren mañana?', '--body', 'una\ncarta']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Received in \d+ ms:/);
    expect(stdout).toMatch(/subject +¿Abren mañana\?\n/);
    expect(await newest('EMAIL')).toMatchObject({
      status: 'RECEIVED',
      from: 'ana@example.com',
      to: 'hello@centralita.example',
      subject: '¿Abren mañana?',
      body: 'una\ncarta',
    });
  });

  it('email --curl: prints a command that is taken', async () => {
    const { code, stdout } = await newcomer.shell(`centralita simulate email --body '50 % "off" \\n' --curl | sh`);
    expect([code, stdout.split('\r\n')[0]]).toEqual([0, expect.stringMatching(/^HTTP\/1\.1 204/)]);
    expect(await newest('EMAIL')).toMatchObject({ body: '50 % "off" \\n' });
  });

  it('whatsapp --provider meta: says what is missing, and then shows a message as Meta notifies of it', async () => {
    const without = await newcomer.run(['simulate', 'whatsapp', '--provider', 'meta']);
    expect([without.code, without.stderr]).toEqual([1, expect.stringContaining('createSender(channel: WHATSAPP, provider: META')]);
    await ask('mutation { createSender(organizationId: "1", channel: WHATSAPP, provider: META, address: "106540352242922") { address } }');
    const { code, stdout } = await newcomer.run(['simulate', 'whatsapp', '--provider', 'meta', '--body', '¿Qué tal? 👋']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Received in \d+ ms:/)]);
    expect(await newest('WHATSAPP')).toMatchObject({ provider: 'META', from: '+12025550147', body: '¿Qué tal? 👋' });
  });

  it.each([
    ['whatsapp', '--provider', 'telegram'],
    ['call', '--seconds', 'many'],
    ['sms', '--to', '+12025550199'],
    ['email', '--to', 'somebody@elsewhere.example'],
  ])('%s %s %s: ends with a line that says what is wrong', async (...words) => {
    const { code, stdout, stderr } = await newcomer.run(['simulate', ...words]);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining(words[2])]);
  });

  it.each([
    ['voip/twilio', 'simulate call --curl'],
    ['whatsapp/twilio', 'simulate whatsapp --curl'],
    ['whatsapp/meta', 'simulate whatsapp --provider meta --curl'],
    ['email/sendgrid/inbound', 'simulate email --curl'],
  ])('is what whoever is refused at %s is told of, for that channel', async (door, command) => {
    const refused = await fetch(`${newcomer.url}/api/webhooks/${door}`, { method: 'POST', body: 'unsigned' });
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining(command)]);
  });

  it('ends quietly where nobody reads on', async () => {
    const { stdout, stderr } = await newcomer.shell('centralita simulate call | head -1; echo ${PIPESTATUS[0]}');
    expect([stdout.trimEnd().split('\n').at(-1), stderr]).toEqual(['0', '']);
  });
});
