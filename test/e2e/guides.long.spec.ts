import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { Newcomer, ROOT } from '../support/command.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

const FOLDER = path.join(ROOT, 'docs/guides');
const NAMES = ['README', 'twilio-voice', 'twilio-sms', 'twilio-whatsapp', 'meta-whatsapp', 'sendgrid-email'];
const DOORS = ['voip/twilio', 'voice/twilio', 'sms/twilio', 'whatsapp/twilio', 'whatsapp/meta', 'email/sendgrid', 'email/sendgrid/inbound'];

const read = (file: string) => readFileSync(path.join(FOLDER, file), 'utf8');
/** The command lines of a guide, block by block. */
const commandsOf = (file: string) => [...read(file).matchAll(/^ *```sh\n([^]*?)^ *```$/gm)].map(([, block]) => block!.trim().split(/\n */));
const named = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, name]) => name!))];

const FILES = NAMES.flatMap((name) => [`${name}.md`, `${name}.es.md`]);
const COMMANDS = [...new Set(NAMES.flatMap((name) => commandsOf(`${name}.md`).flat()))];

describe('The guides', () => {
  it('are these, in English and in Spanish', () => {
    expect(readdirSync(FOLDER).sort()).toEqual([...FILES].sort());
  });

  it.each(NAMES)('%s: has the same commands in both', (name) => {
    expect(commandsOf(`${name}.md`).length).toBeGreaterThan(0);
    expect(commandsOf(`${name}.es.md`)).toEqual(commandsOf(`${name}.md`));
  });

  it.each(FILES)('%s: names doors and variables that there are', (file) => {
    const known = named(readFileSync(path.join(ROOT, '.env.example'), 'utf8'), /^# ([A-Z][A-Z0-9_]+)=/gm);
    const variables = named(read(file), /(?:`|^|export |\$(?=\w+["/]))([A-Z][A-Z0-9_]{3,})(?=[`="/])/gm);
    expect(variables).toContain('PUBLIC_URL');
    expect(variables.filter((name) => !known.includes(name))).toEqual([]);
    expect(named(read(file), /\/api\/webhooks\/([\w/-]+)/g).filter((door) => !DOORS.includes(door))).toEqual([]);
  });
});

describe('The commands of the guides, as a newcomer runs them', () => {
  let database: TestDatabase;
  let newcomer: Newcomer;
  let given: string;
  beforeAll(async () => {
    database = await createDatabase();
    newcomer = await Newcomer.create();
    symlinkSync(newcomer.dataDir, path.join(newcomer.cwd, 'data'));
    // Another name than the one `simulate` calls: what is signed, and called, is the public address.
    const publicUrl = `http://127.0.0.1:${newcomer.port}`;
    await newcomer.start({ DATABASE_URL: database.url, PUBLIC_URL: publicUrl });
    const secrets = JSON.parse(readFileSync(path.join(newcomer.dataDir, 'sandbox.json'), 'utf8')) as Record<string, string>;
    given = `set -euo pipefail; export PUBLIC_URL='${publicUrl}' WHATSAPP_VERIFY_TOKEN='${secrets.WHATSAPP_VERIFY_TOKEN}'; `;
  });
  afterAll(async () => {
    newcomer.dispose();
    await database.drop();
  });

  it.each(COMMANDS)('%s', async (line) => {
    const { code, stdout, stderr } = await newcomer.shell(given + line.replaceAll('npx centralita', 'centralita'));
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    if (line.endsWith('| bash')) {
      expect(stdout).toMatch(/^HTTP\/1\.1 2/);
      expect(stdout).not.toMatch(/HTTP\/1\.1 [345]/);
    }
    if (/^curl .*\/api\/webhooks\//.test(line))
      expect(stdout).toMatch(line.includes('hub.challenge=42') ? /^42$/ : /^\{.*"configured":true\}$/);
    if (line.includes('/graphql')) expect(stdout).toMatch(/^\{"data":\{"deliveries":/);
  });
});
