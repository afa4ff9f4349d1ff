import { createHash, randomBytes } from 'node:crypto';
import { fromPerson, META_SECRETS, phoneNumberId } from '../factories/meta.js';
import { createOrganization, type TestOrganization } from '../factories/organization.js';
import { inboundSms, sid } from '../factories/twilio.js';
import { FeedClient, stopListening } from '../support/feed-client.js';
import { feedCursor } from '../support/feed-truth.js';
import { Bucket } from '../support/bucket.js';
import { takeAway } from '../support/database.js';
import { ask, gql } from '../support/graphql.js';
import { countJobs, hurryJobs, wearJobs } from '../support/jobs.js';
import { MediaHost, PNG } from '../support/media-host.js';
import { deliver } from '../support/post.js';
import { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

const ATTACHMENT = 'id state error contentType fileName sizeBytes url urlExpiresAt';
const ASKING_META = { WHATSAPP_ACCESS_TOKEN: randomBytes(16).toString('hex') };
const PLAYED = Buffer.concat([PNG, randomBytes(1_300_000)]);

describe('The files of messages', () => {
  let host: MediaHost;
  let elsewhere: MediaHost;
  let bucket: Bucket;
  let server: ServerProcess;
  let norte: TestOrganization;

  beforeAll(async () => {
    [host, elsewhere] = [await MediaHost.start(), await MediaHost.start()];
    bucket = await Bucket.start();
    server = await ServerProcess.start({
      env: { TWILIO_BASE_URL: host.origin, MEDIA_MAX_BYTES: '2000000', ...META_SECRETS, ...ASKING_META, WHATSAPP_BASE_URL: host.origin },
    });
    norte = await createOrganization(server);
  });
  afterAll(async () => {
    stopListening();
    await server.dispose();
    await Promise.all([host.stop(), elsewhere.stop()]);
    bucket.stop();
  });

  /** A message with one file, which Twilio says is a PNG; the id of its attachment. */
  const receive = async (path: string, url = `https://api.twilio.com${path}`): Promise<string> => {
    const id = sid('MM');
    expect((await deliver(server, inboundSms(server, { sid: id, to: norte.number, media: [url] }))).status).toBe(200);
    const [row] = await server.database.query<{ id: string }>(
      'select id from attachment where activity_id = (select id from activity where external_id = $1)',
      [id],
    );
    return row!.id;
  };
  const attachment = async (id: string, key = norte.key) =>
    (await ask(server, key, `query($id: ID!) { attachment(id: $id) { ${ATTACHMENT} } }`, { id })).attachment;
  const settled = (id: string, hurry = false) =>
    until(
      async () => {
        if (hurry) await hurryJobs(server.database);
        const found = await attachment(id);
        return found.state !== 'PENDING' && found;
      },
      { ms: 20_000, what: `attachment ${id} to be settled` },
    );
  /** Links are made for PUBLIC_URL, which a proxy would lead here. */
  const local = (url: string) => url.replace(server.publicUrl, server.url);
  const get = (url: string, init: RequestInit = {}) => fetch(local(url), init);
  const path = () => `/${randomBytes(8).toString('hex')}`;

  it('are PENDING at first, then fetched with the credentials of the account and served, and the feed says so once', async () => {
    const file = path();
    let release: () => void = () => undefined;
    host.on(file, (_request, response) => {
      release = () => void response.setHeader('content-type', 'image/png').end(PNG);
    });
    const feed = await new FeedClient(server, norte.key, 'activityUpdated', { organizationId: norte.id }).connected();
    const after = await feedCursor(server, norte.key, norte.id);
    const id = await receive(file);
    expect(await attachment(id)).toMatchObject({
      state: 'PENDING',
      contentType: 'image/png',
      sizeBytes: null,
      url: null,
      urlExpiresAt: null,
    });
    await until(() => host.timesAsked(file) === 1);
    expect(host.asked.find((asked) => asked.path === file)!.authorization).toBe(
      `Basic ${Buffer.from(`${server.accountSid}:${server.authToken}`).toString('base64')}`,
    );
    release();
    const ready = await settled(id);
    expect(ready).toMatchObject({ state: 'READY', error: null, contentType: 'image/png', sizeBytes: PNG.length });
    expect(Date.parse(ready.urlExpiresAt) - Date.now()).toBeGreaterThan(59 * 60_000);
    const answer = await get(ready.url);
    expect([answer.status, Buffer.from(await answer.arrayBuffer())]).toEqual([200, PNG]);

    await feed.told(1);
    const { feed: page } = await ask(
      server,
      norte.key,
      'query($o: ID!, $a: Cursor) { feed(organizationId: $o, after: $a) { items { kind event { kind status metadata } activity { revision status attachments { id state url } } } } }',
      { o: norte.id, a: after },
    );
    expect(page.items.map((item: { kind: string }) => item.kind)).toEqual(['CREATED', 'UPDATED']);
    expect(page.items[1]).toEqual({
      kind: 'UPDATED',
      event: { kind: 'ATTACHMENT', status: null, metadata: { attachmentId: id, state: 'READY' } },
      activity: { revision: 2, status: 'RECEIVED', attachments: [{ id, state: 'READY', url: ready.url }] },
    });
    await until(async () => (await countJobs(server.database)) === 0);
  });

  it('add no job where there are none', async () => {
    await deliver(server, inboundSms(server, { to: norte.number }));
    expect(await countJobs(server.database)).toBe(0);
  });

  it('that are not there yet are asked for again', async () => {
    const file = path();
    host.on(file, (_request, response, nth) => void (nth < 3 ? response.writeHead(404).end() : response.end(PNG)));
    const id = await receive(file);
    expect(await settled(id, true)).toMatchObject({ state: 'READY', contentType: 'image/png' });
    expect(host.timesAsked(file)).toBe(3);
  });

  it('are FAILED, with a sentence and an event, once an outage has lasted too long', async () => {
    const file = path();
    host.on(file, (_request, response) => void response.writeHead(503).end('secret words of the host'));
    const id = await receive(file);
    await until(() => host.timesAsked(file) === 1);
    await until(
      async () => {
        await wearJobs(server.database, 9);
        return (await attachment(id)).state === 'FAILED';
      },
      { ms: 20_000 },
    );
    const failed = await attachment(id);
    expect(failed).toMatchObject({ error: 'The provider could not hand the file out (HTTP 503).', url: null });
    const events = await server.database.query(
      'select kind, metadata from event where activity_id = (select activity_id from attachment where id = $1) and kind = $2',
      [id, 'ATTACHMENT'],
    );
    expect(events).toEqual([{ kind: 'ATTACHMENT', metadata: { attachmentId: id, state: 'FAILED' } }]);
    expect((await fetch(`${server.url}/media/${id}`)).status).toBe(403);
  });

  it.each([
    ['of a host that is not the provider’s', () => `${elsewhere.origin}/inside`, "that is not its provider's"],
    ['at the metadata of a cloud', () => 'http://169.254.169.254/latest/meta-data/iam', "that is not its provider's"],
    ['of the machine', () => 'file:///etc/passwd', "that is not its provider's"],
  ])('%s are FAILED and not asked for, named first or by a redirect', async (_what, target, error) => {
    elsewhere.serves('/inside', PNG);
    const file = path();
    host.redirects(file, target());
    for (const id of [await receive('', target()), await receive(file)])
      expect(await settled(id)).toMatchObject({ state: 'FAILED', error: expect.stringContaining(error) });
    expect(elsewhere.asked).toEqual([]);
  });

  it('that are too large are FAILED', async () => {
    const file = path();
    host.serves(file, Buffer.alloc(2_000_001));
    expect(await settled(await receive(file))).toMatchObject({ state: 'FAILED', error: expect.stringContaining('MEDIA_MAX_BYTES') });
  });

  it('of WhatsApp whose bytes have another hash than was told are fetched again, and FAILED where they never have it', async () => {
    const number = phoneNumberId();
    await ask(
      server,
      server.adminKey,
      'mutation($o: ID!, $a: String!) { createSender(organizationId: $o, channel: WHATSAPP, address: $a, provider: META) { id } }',
      { o: norte.id, a: number },
    );
    const receiveImage = async (media: string, sha256: string): Promise<string> => {
      host.on(`/v26.0/${media}`, (_request, response) => void response.end(JSON.stringify({ url: `${host.origin}/of/${media}` })));
      const image = { id: media, mime_type: 'image/png', sha256 };
      expect((await deliver(server, fromPerson(number, { type: 'image', image }))).status).toBe(200);
      const [row] = await server.database.query<{ id: string }>('select id from attachment where key = $1', [media]);
      return row!.id;
    };
    const [mended, another] = [phoneNumberId(), phoneNumberId()];
    host.on(`/of/${mended}`, (_request, response, nth) => void response.end(nth < 2 ? PNG.subarray(1) : PNG)).serves(`/of/${another}`, PNG);
    const hash = createHash('sha256').update(PNG).digest('base64');
    expect(await settled(await receiveImage(mended, hash), true)).toMatchObject({ state: 'READY', sizeBytes: PNG.length });
    const never = await receiveImage(another, createHash('sha256').update('another').digest('base64'));
    expect(await settled(never, true)).toMatchObject({ state: 'FAILED', error: expect.stringContaining('SHA-256') });
    expect(host.timesAsked(`/of/${another}`)).toBe(4);
  });

  it('whose bytes are not what was said are served as nothing a browser would run', async () => {
    const file = path();
    host.serves(file, Buffer.from('<script>alert(1)</script>'), 'image/png');
    const ready = await settled(await receive(file));
    expect(ready.contentType).toBe('application/octet-stream');
    const { headers } = await get(ready.url);
    expect([headers.get('content-type'), headers.get('content-disposition')]).toEqual(['application/octet-stream', 'attachment']);
  });

  describe('are served', () => {
    let url: string;
    beforeAll(async () => {
      const file = path();
      host.serves(file, PLAYED, 'image/png');
      ({ url } = await settled(await receive(file)));
    });

    it('with headers that let no browser guess, run, share or keep it for another', async () => {
      const { headers } = await get(url);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-type': 'image/png',
        'content-length': String(PLAYED.length),
        'content-disposition': 'inline',
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.stringMatching(/^sandbox;/),
        'cache-control': expect.stringMatching(/^private,/),
        'accept-ranges': 'bytes',
      });
    });

    it.each([
      ['bytes=0-0', 0, 0],
      ['bytes=524287-524288', 524_287, 524_288],
      ['bytes=500000-1200000', 500_000, 1_200_000],
      ['bytes=-5', PLAYED.length - 5, PLAYED.length - 1],
      ['bytes=1048576-', 1_048_576, PLAYED.length - 1],
    ])('in part: %s', async (range, start, end) => {
      const answer = await get(url, { headers: { range } });
      expect([answer.status, answer.headers.get('content-range'), answer.headers.get('content-length')]).toEqual([
        206,
        `bytes ${start}-${end}/${PLAYED.length}`,
        String(end - start + 1),
      ]);
      expect(Buffer.from(await answer.arrayBuffer()).equals(PLAYED.subarray(start, end + 1))).toBe(true);
    });

    it('not beyond their end', async () => {
      const answer = await get(url, { headers: { range: `bytes=${PLAYED.length}-` } });
      expect([answer.status, answer.headers.get('content-range')]).toEqual([416, `bytes */${PLAYED.length}`]);
    });

    it('without their bytes to a HEAD', async () => {
      const answer = await get(url, { method: 'HEAD' });
      expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, String(PLAYED.length), '']);
    });

    it('to nobody whose link has expired, was changed or is of another file', async () => {
      const other = await attachment(await receive(path()));
      const signed = new URL(url);
      const change = (name: string, value: string) => {
        const changed = new URL(url);
        changed.searchParams.set(name, value);
        return changed.href;
      };
      for (const bad of [
        change('expires', String(Number(signed.searchParams.get('expires')) + 3600)),
        change('expires', '1'),
        change('signature', createHash('sha256').update('guess').digest('base64url')),
        change('signature', ''),
        url.split('?')[0]!,
        url.replace(/media\/[^?]+/, `media/${other.id}`),
        `${url}&expires=9999999999`,
      ])
        expect([bad, (await get(bad)).status]).toEqual([bad, 403]);
    });

    it('after a restart by the same link, and no more once they are gone', async () => {
      expect(await server.stop()).toBe(0);
      await server.launch();
      expect((await get(url)).status).toBe(200);
      await server.database.query('delete from attachment where id = $1', [/media\/([^?]+)/.exec(url)![1]]);
      expect((await get(url)).status).toBe(404);
    });
  });

  describe('that a client uploads', () => {
    const upload = (key: string | undefined, organizationId: string, body: Buffer, contentType = 'image/png') =>
      fetch(`${server.url}/media?organizationId=${organizationId}`, {
        method: 'POST',
        headers: { 'content-type': contentType, ...(key && { authorization: `Bearer ${key}` }) },
        body: new Uint8Array(body),
      });

    it('get an id, and are served as those of messages are', async () => {
      const answer = await upload(norte.key, norte.id, PNG);
      const { id } = (await answer.json()) as { id: string };
      expect(answer.status).toBe(201);
      const found = await attachment(id);
      expect(found).toMatchObject({ id, state: 'READY', contentType: 'image/png', sizeBytes: PNG.length });
      expect(Buffer.from(await (await get(found.url)).arrayBuffer())).toEqual(PNG);
    });

    it('are taken as they are, JSON too', async () => {
      const { id } = (await (await upload(norte.key, norte.id, Buffer.from('{ not json'), 'application/json')).json()) as { id: string };
      expect(await (await get((await attachment(id)).url)).text()).toBe('{ not json');
    });

    it('need a credential that may send for that organization, and a size within the limit', async () => {
      const other = await createOrganization(server, 'sur');
      expect((await upload(undefined, norte.id, PNG)).status).toBe(401);
      expect((await upload(other.key, norte.id, PNG)).status).toBe(404);
      expect((await upload(other.key, 'nobody', PNG)).status).toBe(404);
      expect((await upload(norte.key, norte.id, Buffer.alloc(2_000_001))).status).toBe(413);
      expect((await upload(norte.key, norte.id, Buffer.alloc(0))).status).toBe(400);
      expect((await upload(norte.key, '', PNG)).status).toBe(400);
      const form = await upload(norte.key, norte.id, Buffer.from('--x\r\n'), 'multipart/form-data; boundary=x');
      expect([form.status, await form.text()]).toEqual([415, expect.stringContaining('Send the bytes of the file as the body')]);
      const { createApiKey } = await ask(
        server,
        server.adminKey,
        'mutation($o: ID!) { createApiKey(organizationId: $o, label: "reader", scopes: [READ]) { key } }',
        { o: norte.id },
      );
      expect((await upload(createApiKey.key, norte.id, PNG)).status).toBe(403);
    });
  });

  it('of another organization are NOT_FOUND, as those of nobody are', async () => {
    const other = await createOrganization(server, 'oeste');
    const id = await receive(path());
    for (const asked of [id, '01890000-0000-7000-8000-000000000000', 'x'])
      expect((await gql(server, other.key, 'query($id: ID!) { attachment(id: $id) { url } }', { id: asked })).code).toBe('NOT_FOUND');
  });

  it('are fetched after a kill -9 in the middle, once, by whoever starts next', async () => {
    const file = path();
    host.on(file, (_request, response, nth) => void (nth === 1 ? response.write(PNG.subarray(0, 10)) : response.end(PNG)));
    const id = await receive(file);
    await until(() => host.timesAsked(file) === 1);
    await server.crash();
    await server.launch();
    const from = Date.now();
    expect(await settled(id)).toMatchObject({ state: 'READY', sizeBytes: PNG.length });
    expect(Date.now() - from).toBeLessThan(10_000);
  });

  it('are given up for now at a SIGTERM that does not wait for them, and fetched after it', async () => {
    const file = path();
    host.on(file, (_request, response, nth) => void (nth === 1 ? response.write(PNG.subarray(0, 10)) : response.end(PNG)));
    const id = await receive(file);
    await until(() => host.timesAsked(file) === 1);
    const from = Date.now();
    expect(await server.stop()).toBe(0);
    expect(Date.now() - from).toBeLessThan(9_000);
    await server.launch();
    expect(await settled(id, true)).toMatchObject({ state: 'READY' });
  });

  it('are fetched once the database is back, where it went away in the middle', async () => {
    const file = path();
    let release: () => void = () => undefined;
    host.on(file, (_request, response) => {
      release = () => void response.end(PNG);
    });
    const id = await receive(file);
    await until(() => host.timesAsked(file) === 1);
    const giveBack = await takeAway(server.database);
    release();
    host.serves(file, PNG);
    try {
      await until(() => server.printed.includes('media.fetch_failed') && server.printed.includes('jobs.watch_failed'));
    } finally {
      await giveBack();
    }
    await until(async () => (await fetch(`${server.url}/health/ready`)).status === 200);
    expect(await settled(id, true)).toMatchObject({ state: 'READY' });
    const next = path();
    host.serves(next, PNG);
    expect(await settled(await receive(next))).toMatchObject({ state: 'READY' });
    expect(server.isRunning).toBe(true);
  });

  it('are the same for every process, by the links of any', async () => {
    const other = await ServerProcess.start({ besides: server, env: { TWILIO_BASE_URL: host.origin } });
    try {
      const file = path();
      host.serves(file, PNG);
      const { url } = await settled(await receive(file));
      const answer = await fetch(url.replace(server.publicUrl, other.url));
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(PNG);
    } finally {
      await other.dispose();
    }
  });

  it('lie in S3 where that is configured, and those of before are still read from the database', async () => {
    const file = path();
    host.serves(file, PNG);
    const before = await settled(await receive(file));
    const { endpoint, region, accessKeyId, secretAccessKey } = bucket;
    const s3 = {
      S3_ENDPOINT: endpoint,
      S3_BUCKET: 'files',
      S3_REGION: region,
      S3_ACCESS_KEY_ID: accessKeyId,
      S3_SECRET_ACCESS_KEY: secretAccessKey,
    };
    const other = await ServerProcess.start({ besides: server, env: s3 });
    try {
      const taken = await fetch(`${other.url}/media?organizationId=${norte.id}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${norte.key}`, 'content-type': 'image/png' },
        body: new Uint8Array(PLAYED),
      });
      const { id } = (await taken.json()) as { id: string };
      expect([...bucket.objects]).toEqual([[`/files/media/${id}`, { bytes: PLAYED, contentType: 'image/png' }]]);
      const through = async (url: string, range?: string) => {
        const answer = await fetch(url.replace(server.publicUrl, other.url), { headers: { ...(range && { range }) } });
        return Buffer.from(await answer.arrayBuffer());
      };
      const { url } = await attachment(id);
      expect((await through(url)).equals(PLAYED)).toBe(true);
      expect(await through(url, 'bytes=10-19')).toEqual(PLAYED.subarray(10, 20));
      expect(await through(before.url)).toEqual(PNG);
      bucket.away = true;
      const posted = await fetch(`${other.url}/media?organizationId=${norte.id}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${norte.key}`, 'content-type': 'image/png' },
        body: new Uint8Array(PLAYED),
      });
      const away = { statusCode: 503, error: 'The storage of files does not answer as it must. Try again.' };
      expect(await posted.json()).toMatchObject(away);
      expect(await (await fetch(url.replace(server.publicUrl, other.url))).json()).toMatchObject(away);
    } finally {
      bucket.away = false;
      await other.dispose();
    }
  });

  it('whose activity was erased meanwhile are dropped, bytes and all', async () => {
    const file = path();
    let release: () => void = () => undefined;
    host.on(file, (_request, response) => {
      release = () => void response.end(PNG);
    });
    const id = await receive(file);
    await until(() => host.timesAsked(file) === 1);
    const before = await feedCursor(server, norte.key, norte.id);
    await server.database.query('delete from attachment where id = $1', [id]);
    release();
    await until(async () => (await countJobs(server.database, id)) === 0, { what: 'no more jobs' });
    expect(await server.database.query('select piece from media_object where id = $1', [id])).toEqual([]);
    expect(await feedCursor(server, norte.key, norte.id)).toBe(before);
  });
});
