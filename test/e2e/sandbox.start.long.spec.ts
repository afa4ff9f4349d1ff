import { ServerProcess } from '../support/server-process.js';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Newcomer, type RunningServer } from '../support/command.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { startServerWithStandIn } from '../support/stand-in.js';
import { until } from '../support/until.js';

describe('The sandbox of a server', () => {
  let database: TestDatabase;
  let newcomer: Newcomer;
  let server: RunningServer;
  let url: string;
  beforeAll(async () => {
    database = await createDatabase();
    newcomer = await Newcomer.create();
    server = await newcomer.start({ DATABASE_URL: database.url, SANDBOX_REPLIES: 'false' });
    url = /http:\/\/127\.0\.0\.1:\d+(?=\/_sandbox)/.exec(server.lines.join('\n'))![0];
  });
  afterAll(async () => {
    newcomer.dispose();
    await database.drop();
  });

  const sandbox = async (method: string, what: string, body?: object) => {
    const init = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    return (await fetch(`${url}/_sandbox/${what}`, { method, ...init })).json() as Promise<any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- any of its shapes
  };
  const ask = async (query: string) => {
    const key = readFileSync(path.join(newcomer.dataDir, 'admin-key'), 'utf8').trim();
    const response = await fetch(`${newcomer.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query }),
    });
    return ((await response.json()) as { data: any }).data; // eslint-disable-line @typescript-eslint/no-explicit-any -- the shape is the query's
  };
  const activity = async (externalId: string) => {
    const fields = 'externalId status from to body attachments { contentType state url }';
    const { activities } = await ask(`{ activities(organizationId: "1", first: 50) { edges { node { ${fields} } } } }`);
    return activities.edges
      .map(({ node }: { node: object }) => node)
      .find((one: { externalId: string }) => externalId.includes(one.externalId));
  };
  const person = async (act: object): Promise<string> =>
    (await sandbox('POST', 'person', { from: '+12025550147', to: '+15005550006', ...act })).id;

  it('is a stand-in on a port of its own, which knows where the server is', async () => {
    expect(await sandbox('GET', 'settings')).toMatchObject({
      publicUrl: newcomer.url,
      deliverTo: `http://127.0.0.1:${newcomer.port}`,
      replies: false,
      webhooks: true,
    });
    expect(url).not.toContain(`:${newcomer.port}`);
  });

  it.each([
    [
      { channel: 'SMS', body: 'por SMS' },
      { status: 'RECEIVED', body: 'por SMS', to: '+15005550006' },
    ],
    [
      { channel: 'WHATSAPP', body: 'por WhatsApp' },
      { status: 'RECEIVED', body: 'por WhatsApp', from: '+12025550147' },
    ],
    [
      { channel: 'EMAIL', from: 'ana@example.com', to: 'hello@centralita.example', subject: 'carta', body: 'por correo' },
      { status: 'RECEIVED', body: 'por correo' },
    ],
  ])('lets a person write to us: %j', async (act, expected) => {
    const id = await person(act);
    expect(await until(() => activity(id), { what: 'its activity' })).toMatchObject(expected);
  });

  it('serves the files of a message to the server, which stores them', async () => {
    const id = await person({ channel: 'SMS', body: 'mire', media: ['image/jpeg', 'application/pdf'] });
    const stored = await until(async () => {
      const found = await activity(id);
      return found?.attachments.every(({ state }: { state: string }) => state === 'READY') && found;
    });
    const files = await Promise.all(stored.attachments.map(async (one: { url: string }) => fetch(one.url)));
    expect(files.map((file: Response) => [file.status, file.headers.get('content-type')])).toEqual([
      [200, 'image/jpeg'],
      [200, 'application/pdf'],
    ]);
  });

  it('serves the file of a message at Meta too', async () => {
    await ask('mutation { createSender(organizationId: "1", channel: WHATSAPP, provider: META, address: "106540352242922") { address } }');
    const media = ['application/pdf'];
    const id = await person({ channel: 'WHATSAPP', provider: 'META', from: '12025550147', to: '106540352242922', body: 'mire', media });
    const stored = await until(async () => {
      const found = await activity(id);
      return found?.attachments[0]?.state === 'READY' && found;
    });
    expect(stored).toMatchObject({ body: 'mire', attachments: [{ contentType: 'application/pdf' }] });
  });

  it('lets a person call, and leave a message that can be heard', async () => {
    const id = await person({ channel: 'VOICE' });
    const over = await until(async () => {
      const found = await activity(id);
      return found?.status === 'COMPLETED' && found.attachments[0]?.state === 'READY' && found;
    });
    expect(over).toMatchObject({ from: '+12025550147', to: '+15005550006', attachments: [{ contentType: 'audio/mpeg' }] });
    const callbacks = await sandbox('GET', 'callbacks');
    expect(callbacks.every(({ status }: { status: number }) => [200, 204].includes(status))).toBe(true);
  });

  it('has given all of that to `simulate` too', async () => {
    const { code, stdout } = await newcomer.run(['simulate', 'mms', '--body', 'simulada']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('simulada')]);
    const query = '{ activities(organizationId: "1", first: 1) { edges { node { body attachments { state } } } } }';
    await until(async () => {
      const [{ node }] = (await ask(query)).activities.edges;
      return node.body === 'simulada' && node.attachments.every(({ state }: { state: string }) => state === 'READY');
    });
  });

  it('ends with the server, which exits 0', async () => {
    expect(await server.signal('SIGTERM')).toBe(0);
    await expect(fetch(`${url}/_sandbox/requests`)).rejects.toThrow('fetch failed');
  });

  it('is not there beside real credentials, whose providers a stand-in of the tests can play', async () => {
    const { server: real, standIn } = await startServerWithStandIn({ standIn: { retryMs: 1 } }, ServerProcess);
    standIn.act({ from: '+12025550147', to: '+12025550110', body: 'hola' });
    standIn.act({ channel: 'VOICE', from: '+12025550147', to: '+12025550110' });
    standIn.act({ channel: 'WHATSAPP', provider: 'META', from: '12025550147', to: '106540352242922', body: 'hola' });
    standIn.act({ channel: 'EMAIL', from: 'ana@example.com', to: 'hello@example.com', subject: 'hola' });
    await standIn.settle();
    const { printed } = real;
    await real.dispose();
    await standIn.stop();
    expect(printed).not.toMatch(/_sandbox|sandbox stands in/);
    expect(standIn.callbacks.map(({ tells, status }) => `${tells}: ${status}`).sort()).toEqual([
      'a mail came: 204',
      'a message came: 200',
      'a message came: 200',
      'the call is completed: 204',
      'the call waits for instructions: 200',
      'the call waits for instructions: 200',
      'the recording is ready: 204',
    ]);
  });
});

describe('A server that was a sandbox first', () => {
  it('sends from the real number once it has credentials, and has the sandbox’s no more', async () => {
    const database = await createDatabase();
    const newcomer = await Newcomer.create();
    const sendersOf = () =>
      database.query<{ channel: string; address: string }>(
        "select channel, address from sender where organization_id = '1' order by created_at, channel",
      );
    try {
      const sandbox = await newcomer.start({ DATABASE_URL: database.url });
      expect(await sendersOf()).toHaveLength(4);
      await sandbox.signal('SIGTERM');
      const credentials = {
        TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`,
        TWILIO_AUTH_TOKEN: '2'.repeat(32),
        TWILIO_PHONE_NUMBER: '+12025550199',
      };
      const real = await newcomer.start({ DATABASE_URL: database.url, PUBLIC_URL: 'https://hub.example.com', ...credentials });
      expect(await sendersOf()).toEqual([
        { channel: 'VOICE', address: '+12025550199' },
        { channel: 'SMS', address: '+12025550199' },
      ]);
      await real.signal('SIGTERM');
    } finally {
      newcomer.dispose();
      await database.drop();
    }
  });
});
