import { randomBytes } from 'node:crypto';
import { createOrganization, type TestOrganization } from '../factories/organization.js';
import { inboundSms, sid } from '../factories/twilio.js';
import { Bucket } from '../support/bucket.js';
import { ask, gql } from '../support/graphql.js';
import { countJobs, hurryJobs } from '../support/jobs.js';
import { MediaHost, PNG } from '../support/media-host.js';
import { deliver } from '../support/post.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

const FILE = Buffer.concat([PNG, randomBytes(1_200_000)]);

describe.each(['the database', 'S3'])('The files of an erased contact, in %s,', (place) => {
  let host: MediaHost;
  let bucket: Bucket;
  let server: TestServer;
  let norte: TestOrganization;
  beforeAll(async () => {
    [host, bucket] = [await MediaHost.start(), await Bucket.start()];
    const s3 = {
      S3_ENDPOINT: bucket.endpoint,
      S3_BUCKET: 'files',
      S3_REGION: bucket.region,
      S3_ACCESS_KEY_ID: bucket.accessKeyId,
      S3_SECRET_ACCESS_KEY: bucket.secretAccessKey,
    };
    server = await TestServer.start({ env: { TWILIO_BASE_URL: host.origin, ...(place === 'S3' && s3) } });
    norte = await createOrganization(server);
  });
  afterAll(async () => {
    await server.dispose();
    await host.stop();
    bucket.stop();
  });

  /** A message with one file, from somebody new: its attachment and its contact. */
  const receive = async (path: string) => {
    const [id, from] = [sid('MM'), `+1415555${String(randomBytes(2).readUInt16BE() % 10_000).padStart(4, '0')}`];
    await deliver(server, inboundSms(server, { sid: id, from, to: norte.number, media: [`https://api.twilio.com${path}`] }));
    const [row] = await server.database.query<{ attachment: string; contact: string }>(
      'select attachment.id as attachment, contact_id as contact from attachment join activity on activity.id = activity_id where external_id = $1',
      [id],
    );
    return row!;
  };
  const erase = async (contact: string) =>
    expect(await ask(server, norte.key, 'mutation($x: ID!) { eraseContact(id: $x) }', { x: contact })).toEqual({ eraseContact: true });
  const ready = (id: string) =>
    until(
      async () => {
        const { attachment } = await ask(server, norte.key, 'query($id: ID!) { attachment(id: $id) { state url } }', { id });
        return attachment.state === 'READY' ? (attachment.url as string) : undefined;
      },
      { what: 'the file' },
    );
  const stored = async (id: string) =>
    (await server.database.query('select piece from media_object where id = $1', [id])).length +
    (bucket.objects.has(`/files/media/${id}`) ? 1 : 0);
  const get = async (url: string) => (await fetch(url.replace(server.publicUrl, server.url))).status;
  const noJob = (id: string) => until(async () => (await countJobs(server.database, id)) === 0, { what: 'the end of the job' });
  const seq = async () =>
    (await server.database.query<{ seq: string }>('select seq::text from feed_head where organization_id = $1', [norte.id]))[0]!.seq;
  const path = () => `/${randomBytes(8).toString('hex')}`;

  it('go, and the link that was given out is 404', async () => {
    const file = path();
    host.serves(file, FILE, 'image/png');
    const { attachment, contact } = await receive(file);
    const url = await ready(attachment);
    expect([await get(url), (await stored(attachment)) > 0]).toEqual([200, true]);
    await erase(contact);
    expect(await get(url)).toBe(404);
    await noJob(attachment);
    expect(await stored(attachment)).toBe(0);
    expect((await gql(server, norte.key, 'query($id: ID!) { attachment(id: $id) { id } }', { id: attachment })).code).toBe('NOT_FOUND');
  });

  it('that are on their way are dropped when they come, and the feed says nothing of them', async () => {
    const file = path();
    let release: () => void = () => undefined;
    host.on(file, (_request, response) => {
      release = () => void response.setHeader('content-type', 'image/png').end(FILE);
    });
    const { attachment, contact } = await receive(file);
    await until(() => host.timesAsked(file) === 1);
    await erase(contact);
    const before = await seq();
    release();
    await noJob(attachment);
    expect([await stored(attachment), await seq()]).toEqual([0, before]);
    expect(await server.database.query('select id from attachment where id = $1', [attachment])).toEqual([]);
  });

  it('that were to be asked for again are not', async () => {
    const file = path();
    host.on(file, (_request, response, nth) => void (nth === 1 ? response.writeHead(503).end() : response.end(FILE)));
    const { attachment, contact } = await receive(file);
    await until(() => host.timesAsked(file) === 1);
    await erase(contact);
    await until(async () => {
      await hurryJobs(server.database);
      return (await countJobs(server.database, attachment)) === 0;
    });
    expect([host.timesAsked(file), await stored(attachment)]).toEqual([1, 0]);
  });

  if (place === 'S3')
    it('go once S3 is back, where it was away', async () => {
      const file = path();
      host.serves(file, FILE, 'image/png');
      const { attachment, contact } = await receive(file);
      const url = await ready(attachment);
      bucket.away = true;
      await erase(contact);
      expect([await get(url), await stored(attachment)]).toEqual([404, 1]);
      bucket.away = false;
      await until(async () => {
        await hurryJobs(server.database);
        return (await stored(attachment)) === 0;
      });
      await noJob(attachment);
    });
});
