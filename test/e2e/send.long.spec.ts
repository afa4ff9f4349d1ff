import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Newcomer } from '../support/command.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

/** The steps that were shown, in their order. */
const stepsIn = (stdout: string) => [...stdout.matchAll(/^ *\d+ ms {2}← (.+)$/gm)].map(([, step]) => step);
const ANA = '+12025550147';

describe('`send`, in the sandbox', () => {
  let database: TestDatabase;
  let newcomer: Newcomer;
  beforeAll(async () => {
    database = await createDatabase();
    newcomer = await Newcomer.create();
    const { lines } = await newcomer.start({ DATABASE_URL: database.url, SANDBOX_REPLIES: 'false' });
    const [, sandbox] = /(http:\S+\/_sandbox)\//.exec(lines.join('\n'))!;
    const settings = { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: '{"stepMs":50}' };
    expect((await fetch(`${sandbox}/settings`, settings)).status).toBe(200);
  });
  afterAll(async () => {
    newcomer.dispose();
    await database.drop();
  });

  const send = (...words: string[]) => newcomer.run(['send', ...words]);
  const count = async (channel: string) => {
    const key = readFileSync(path.join(newcomer.dataDir, 'admin-key'), 'utf8').trim();
    const response = await fetch(`${newcomer.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query: `{ activities(organizationId: "1", filter: { channels: [${channel}] }) { edges { node { id } } } }` }),
    });
    const { data } = (await response.json()) as { data: { activities: { edges: unknown[] } } };
    return data.activities.edges.length;
  };

  it('sms: shows what was accepted, and each step until it is delivered', async () => {
    const { code, stdout, stderr } = await send('sms', '--to', ANA, '--body', '¿Qué tal? 👋');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Accepted in \d+ ms:\n {2}id +[0-9a-f-]{36}\n/);
    expect(stdout).toMatch(/\n {2}body +¿Qué tal\? 👋\n/);
    expect(stepsIn(stdout)).toEqual(['SENDING', 'SENT', 'DELIVERED']);
    expect(stdout).toMatch(/\n\nIt ended as DELIVERED\.\n$/);
  });

  it.each([
    ['undelivered by the carrier', '+15005530003', ['SENDING', 'SENT', 'UNDELIVERED'], 'It ended as UNDELIVERED: The phone is off'],
    ['refused by the provider', '+15005521211', ['SENDING', 'FAILED'], 'It ended as FAILED: '],
  ])('sms that is %s: exits 1, with the error in words and what to do', async (_, to, steps, words) => {
    const { code, stdout, stderr } = await send('sms', '--to', to, '--body', 'hola');
    expect([code, stepsIn(stdout)]).toEqual([1, steps]);
    expect(stderr).toContain(words);
    expect(stderr.trim().split('\n').at(-1)).toMatch(/\w+\.$/);
  });

  it('email: shows the steps of each recipient, and exits 1 for the one that bounced', async () => {
    const { code, stdout, stderr } = await send(
      ...['email', '--to', 'ana@example.com', '--to', 'bounce@example.com', '--subject', 'Hours', '--text', 'At nine.'],
    );
    const steps = stepsIn(stdout);
    expect(code).toBe(1);
    for (const step of ['ana@example.com: DELIVERED', 'bounce@example.com: BOUNCED']) expect(steps).toContain(step);
    expect(stdout).toContain('The one to ana@example.com ended as ');
    expect(stderr).toContain('The one to bounce@example.com ended as BOUNCED: ');
    const again = await send('email', '--to', 'eva@example.com', '--to', 'bounce@example.com', '--subject', 'Hours', '--text', 'At ten.');
    expect([again.code, again.stdout, again.stderr]).toEqual([1, '', expect.stringMatching(/^Not sent: bounce@.+\(SUPPRESSED\)\n$/)]);
  });

  it('call: shows how it rings, is answered and ends', async () => {
    const { code, stdout } = await send('call', '--to', ANA, '--say', 'Your order is ready.');
    expect([code, stepsIn(stdout)]).toEqual([0, ['QUEUED', 'INITIATED', 'RINGING', 'ANSWERED', 'COMPLETED']]);
  });

  it('whatsapp: is refused where the window is closed, and goes by a template whose variables are right', async () => {
    const closed = await send('whatsapp', '--to', ANA, '--body', 'hola');
    expect([closed.code, closed.stdout]).toEqual([1, '']);
    expect(closed.stderr).toMatch(/^Not sent: .+ in the last 24 hours\. Use a template.+ \(WHATSAPP_WINDOW_CLOSED\)\n$/);
    const template = ['whatsapp', '--to', ANA, '--template', 'HX00000000000000000000000000000001', '--variables'];
    const lacking = await send(...template, '{"1": "Ana"}');
    expect([lacking.code, lacking.stderr]).toEqual([1, expect.stringContaining('(missing: 2)')]);
    const { code, stdout } = await send(...template, '{"1": "Ana", "2": "9:00"}');
    expect([code, stepsIn(stdout).slice(0, 3)]).toEqual([0, ['SENDING', 'SENT', 'DELIVERED']]);
  });

  it('--idempotency-key: is sent once, however often it is run; with --no-wait ends at once', async () => {
    const before = await count('SMS');
    const words = ['sms', '--to', ANA, '--body', 'once', '--idempotency-key', 'once', '--no-wait'];
    const [first, second] = [await send(...words), await send(...words)];
    expect([first.code, second.code, stepsIn(first.stdout)]).toEqual([0, 0, []]);
    expect(/id +(\S+)/.exec(second.stdout)?.[1]).toBe(/id +(\S+)/.exec(first.stdout)?.[1]);
    expect(await count('SMS')).toBe(before + 1);
  });

  it('--at: is scheduled, and not waited for', async () => {
    const { code, stdout } = await send('sms', '--to', ANA, '--body', 'later', '--at', '2099-01-01T09:00:00Z');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/status +SCHEDULED\n[^]*It leaves when its time comes\./)]);
  });

  it.each([
    ['a number that is none', ['sms', '--to', '123', '--body', 'hola', '--from', '+12025550199'], '--from must be an address on SMS'],
    ['nothing to say', ['sms', '--to', ANA], '--body must say something'],
    ['an organization that there is not', ['sms', '--to', ANA, '--body', 'x', '--organization', 'nobody'], 'NOT_FOUND'],
    ['no --to', ['call', '--say', 'hola'], "required option '--to <number>' not specified"],
  ])('%s: ends with a line that says what is wrong', async (_, words, said) => {
    const { code, stdout, stderr } = await send(...words);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining(said)]);
  });
});
