import { createHash, randomBytes } from 'node:crypto';
import { sweepUploads } from '../../src/core/attachments/erase-attachments.sql.js';
import { createKey, createSender } from '../factories/organization.js';
import {
  CANCEL,
  createSendingOrganization,
  LATER,
  newNumber,
  newRecipient,
  openWindow,
  send,
  type SendingOrganization,
  type SendOptions,
  type Way,
} from '../factories/sends.js';
import { readSigningKey, sendGridEvents, type SendGridKeys } from '../factories/sendgrid.js';
import { sid } from '../factories/twilio.js';
import { FeedClient, stopListening } from '../support/feed-client.js';
import { ask, gql } from '../support/graphql.js';
import { PNG } from '../support/media-host.js';
import { deliver } from '../support/post.js';
import { ProviderStub } from '../support/provider-stub.js';
import { activityOf, heardOf, makeDue, reached, requestsTo } from '../support/sent.js';
import { type TestServer } from '../support/server.js';
import { startServerWithStandIn, type StandInWorld } from '../support/stand-in.js';
import { until } from '../support/until.js';

const PDF = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(300_000), Buffer.from('\n%%EOF')]);

describe('What a send carries', () => {
  let server: TestServer;
  let standIn: StandInWorld['standIn'];
  let sendGrid: ProviderStub;
  let sendGridKeys: Pick<SendGridKeys, 'privateKey'>;
  let norte: SendingOrganization;
  let sur: SendingOrganization;

  beforeAll(async () => {
    sendGrid = await ProviderStub.start();
    sendGrid.answer = () => ({ status: 202, headers: { 'x-message-id': randomBytes(11).toString('base64url') } });
    const world = await startServerWithStandIn({ env: { SENDGRID_BASE_URL: sendGrid.url } });
    ({ server, standIn } = world);
    sendGridKeys = { privateKey: readSigningKey(world.secrets.SENDGRID_SIGNING_KEY) };
    [norte, sur] = [await createSendingOrganization(server), await createSendingOrganization(server, 'sur')];
  });
  beforeEach(async () => {
    await standIn.settle();
    standIn.behave();
    standIn.configure({ stepMs: 10 });
  });
  afterAll(async () => {
    stopListening();
    await server.dispose();
    await standIn.stop();
    sendGrid.close();
  });

  const upload = (bytes: Buffer, type: string, { organization = norte.id, key = norte.key } = {}) =>
    fetch(`${server.url}/media?organizationId=${organization}`, {
      method: 'POST',
      headers: { 'content-type': type, ...(key && { authorization: `Bearer ${key}` }) },
      body: new Uint8Array(bytes),
    });
  const uploaded = async (bytes: Buffer, type: string) => ((await (await upload(bytes, type)).json()) as { id: string }).id;
  const fetched = async (link: string) => {
    const response = await fetch(link.replace(server.publicUrl, server.url));
    return { status: response.status, type: response.headers.get('content-type'), bytes: Buffer.from(await response.arrayBuffer()) };
  };
  /** What SendGrid was asked, for that recipient. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is SendGrid's
  const mails = (to: string): any[] =>
    sendGrid.requests.map(({ body }) => JSON.parse(body)).filter(({ personalizations }) => personalizations[0].to[0].email === to);
  const mail = (to: string, options: SendOptions = {}) => send(server, norte, 'EMAIL', to, options);
  const mailSent = async (to: string, input: object) => {
    const { id, text } = await mail(to, { input: { ...input } });
    if (!id) throw new Error(text);
    await reached(server, norte.key, id, 'SENT');
    const [request, ...others] = mails(to);
    expect(others).toEqual([]);
    return { id, request };
  };
  const receivedFrom = async (from: string) =>
    (
      await server.database.query<{ id: string; externalId: string }>(
        'select id, external_id as "externalId" from activity where "from" = $1',
        [from],
      )
    )[0]!;
  const parametersOf = (to: string) => requestsTo(standIn, to)[0]!.parameters as Record<string, string>;
  const problemOf = async (answer: ReturnType<typeof send>) => {
    const { errors } = await answer;
    return errors && [errors[0]!.extensions.code, errors[0]!.extensions.field];
  };

  describe('as files', () => {
    it('an upload goes by a link that holds for a day, which the provider fetches', async () => {
      for (const way of ['SMS', 'WHATSAPP_TWILIO', 'WHATSAPP_META'] as const) {
        const to = newNumber();
        await openWindow(standIn, norte, way, to);
        const id = await uploaded(PNG, 'application/octet-stream');
        const sent = await send(server, norte, way, to, { input: { mediaIds: [id] } });
        const { attachments } = await reached(server, norte.key, sent.id, way === 'SMS' ? 'DELIVERED' : 'READ');
        expect(attachments).toMatchObject([{ contentType: 'image/png', sizeBytes: PNG.length, state: 'READY' }]);
        const parameters = requestsTo(standIn, to)[0]!.parameters as { MediaUrl?: string; image?: { link: string } };
        const link = way === 'WHATSAPP_META' ? parameters.image!.link : parameters.MediaUrl!;
        expect(await fetched(link)).toEqual({ status: 200, type: 'image/png', bytes: PNG });
        const expiresInHours = (Number(new URL(link).searchParams.get('expires')) * 1_000 - Date.now()) / 3_600_000;
        expect([link.startsWith(server.publicUrl), expiresInHours > 23.9]).toEqual([true, true]);
      }
    });

    it('an upload may leave with several sends', async () => {
      const [id, all] = [await uploaded(PNG, 'image/png'), [newNumber(), newNumber()]];
      const sent = await Promise.all(all.map((to) => send(server, norte, 'SMS', to, { input: { mediaIds: [id] } })));
      for (const { id: activity } of sent) await reached(server, norte.key, activity, 'DELIVERED');
      for (const to of all) expect((await fetched(parametersOf(to).MediaUrl!)).bytes).toEqual(PNG);
    });

    it('an upload that nothing was sent with goes after a while, one that was stays', async () => {
      const [unused, young, used] = [await uploaded(PNG, 'image/png'), await uploaded(PNG, 'image/png'), await uploaded(PNG, 'image/png')];
      await send(server, norte, 'SMS', newNumber(), { input: { mediaIds: [used] } });
      const old = new Date(Date.now() - 3_600_000);
      await server.database.query('update attachment set created_at = $2 where id = any($1::uuid[])', [[unused, used], old]);
      const { text, values } = sweepUploads(new Date(old.getTime() + 1));
      expect(await server.database.query(text, values)).toEqual([{ count: 1 }]);
      const left = await server.database.query<{ id: string }>(
        'select id from media_object where id = any($1::uuid[]) and id in (select id from attachment)',
        [[unused, young, used]],
      );
      expect(left.map(({ id }) => id).sort()).toEqual([young, used].sort());
    });

    it('a mail carries uploads and attachments byte for byte', async () => {
      const to = newRecipient('EMAIL');
      const attachments = [{ fileName: 'factura nº 7.pdf', contentType: 'application/pdf', base64: PDF.toString('base64') }];
      const { id, request } = await mailSent(to, { mediaIds: [await uploaded(PNG, 'image/png')], attachments });
      const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
      expect(
        request.attachments.map((file: { content: string; filename: string; type: string }) => [
          file.filename,
          file.type,
          digest(Buffer.from(file.content, 'base64')),
        ]),
      ).toEqual([
        [expect.any(String), 'image/png', digest(PNG)],
        ['factura nº 7.pdf', 'application/pdf', digest(PDF)],
      ]);
      const { attachments: kept } = await activityOf(server, norte.key, id);
      expect(kept.map((file: { sizeBytes: number }) => file.sizeBytes)).toEqual([PNG.length, PDF.length]);
      const { attachment } = await ask(server, norte.key, 'query($id: ID!) { attachment(id: $id) { url } }', { id: kept[1].id });
      expect((await fetched(attachment.url)).bytes).toEqual(PDF);
    });

    it('a file of another organization, of nobody, or that is no base64, is BAD_USER_INPUT', async () => {
      const others = ((await (await upload(PNG, 'image/png', { organization: sur.id, key: sur.key })).json()) as { id: string }).id;
      for (const id of [others, '01a2153f-0000-7000-8000-000000000001', 'nonsense'])
        expect(await problemOf(send(server, norte, 'SMS', newNumber(), { input: { mediaIds: [id] } }))).toEqual([
          'BAD_USER_INPUT',
          'mediaIds.0',
        ]);
      const attachment = { fileName: 'a.pdf', contentType: 'application/pdf', base64: 'no base64!' };
      expect(await problemOf(mail(newRecipient('EMAIL'), { input: { attachments: [attachment] } }))).toEqual([
        'BAD_USER_INPUT',
        'attachments.0.base64',
      ]);
    });

    it('is taken in from who may SEND there, and from nobody else', async () => {
      const proposer = await createKey(server, norte.id, ['READ', 'DRAFT']);
      const answers = [{ key: proposer }, { key: sur.key }, { key: '' }].map(
        async (options) => (await upload(PNG, 'image/png', options)).status,
      );
      expect(await Promise.all(answers)).toEqual([403, 404, 401]);
      expect((await upload(Buffer.alloc(0), 'image/png')).status).toBe(400);
    });
  });

  describe('when the person is erased', () => {
    const erase = async (activityId: string) => {
      const [row] = await server.database.query<{ id: string }>('select contact_id as id from activity where id = $1', [activityId]);
      expect(await ask(server, norte.key, 'mutation($id: ID!) { eraseContact(id: $id) }', { id: row!.id })).toEqual({ eraseContact: true });
    };
    const shellOf = (id: string) => server.database.query('select "to", body, metadata, contact_id from activity where id = $1', [id]);
    const SHELL = [{ to: '', body: null, metadata: {}, contact_id: null }];
    /** One whose attempt had begun is looked for in the provider's list, so that it does not come back from there. */
    const GONE = { content: {}, state: expect.stringMatching(/^(ENDED|UNKNOWN)$/) };
    const keptOf = async (id: string) =>
      (await server.database.query('select content, state from send_item where activity_id = $1', [id]))[0];
    const stored = async (uploadId: string) => (await server.database.query('select from media_object where id = $1', [uploadId])).length;

    it('what is scheduled never leaves, files go, and what others were sent stays', async () => {
      const [ana, blas] = [newNumber(), newNumber()];
      const [own, shared] = [await uploaded(PNG, 'image/png'), await uploaded(PNG, 'image/png')];
      const input = { mediaIds: [own, shared], idempotencyKey: 'of Ana' };
      const sent = await send(server, norte, 'SMS', ana, { input });
      const other = await send(server, norte, 'SMS', blas, { input: { mediaIds: [shared] } });
      for (const { id } of [sent, other]) await reached(server, norte.key, id, 'DELIVERED');
      const link = parametersOf(ana).MediaUrl;
      const scheduled = await send(server, norte, 'SMS', ana, { input: { sendAt: LATER, mediaIds: [own] } });
      await erase(sent.id);
      expect(await Promise.all([sent.id, scheduled.id].map(shellOf))).toEqual([SHELL, SHELL]);
      expect(await keptOf(scheduled.id)).toEqual(GONE);
      for (const one of [link].flat()) expect((await fetched(one!)).status).toBe(404);
      expect([await stored(own), await stored(shared)]).toEqual([0, 1]);
      // Its key is known for all that: it is no new send.
      expect((await send(server, norte, 'SMS', ana, { input })).id).toBe(sent.id);
      expect((await fetched(parametersOf(blas).MediaUrl!)).status).toBe(200);
      await makeDue(server.database, [scheduled.id], () => 0);
      await reached(server, norte.key, (await send(server, norte, 'SMS', blas)).id, 'DELIVERED');
      expect(requestsTo(standIn, ana)).toHaveLength(1);
    });

    it('an attempt under way ends unseen: neither its answer nor its callbacks bring anything back', async () => {
      const ana = newNumber();
      standIn.misbehave({ kind: 'DELAY', ms: 600 });
      standIn.configure({ stepMs: 400 });
      const { id } = await send(server, norte, 'SMS', ana, { input: { metadata: { caso: 'de Ana' } } });
      await until(() => requestsTo(standIn, ana).length === 1);
      await erase(id);
      await until(() => requestsTo(standIn, ana)[0]!.status === 201);
      await standIn.settle();
      expect([await shellOf(id), await keptOf(id)]).toEqual([SHELL, GONE]);
      const known =
        'select external_id as id from activity where id = $1 and external_id is not null union select value from reference where activity_id = $1';
      expect(await server.database.query(known, [id])).toEqual([]);
      const [{ n }] = (await server.database.query<{ n: number }>('select count(*)::int as n from contact_identity where value = $1', [
        ana,
      ])) as [{ n: number }];
      expect(n).toBe(0);
    });

    it('what was to be tried again is not', async () => {
      const ana = '+15005520429'; // 429, always
      const { id } = await send(server, norte, 'SMS', ana);
      await until(() => requestsTo(standIn, ana)[0]?.status === 429);
      await erase(id);
      const other = await send(server, norte, 'SMS', newNumber(), { input: { sendAt: LATER } });
      await makeDue(server.database, [other.id], () => 1_300);
      await reached(server, norte.key, other.id, 'DELIVERED');
      expect([requestsTo(standIn, ana).length, await keptOf(id)]).toEqual([1, GONE]);
    });

    it('a draft is gone, and cannot be approved', async () => {
      const proposer = await createKey(server, norte.id, ['READ', 'DRAFT']);
      const { id } = await send(server, norte, 'SMS', newNumber(), { key: proposer });
      await erase(id);
      const { code, text } = await gql(server, norte.key, 'mutation($id: ID!) { approveActivity(id: $id) { id } }', { id });
      expect([code, await shellOf(id)]).toEqual(['BAD_USER_INPUT', SHELL]);
      expect(text).toContain('approved or canceled already');
    });

    it.each(['SCHEDULED', 'DRAFT', 'SENDING'])(
      'what was %s is CANCELED, and the feed says so before it tells of the shell',
      async (status) => {
        const feed = await new FeedClient(server, norte.key, 'activityFeed', { organizationId: norte.id }).live();
        const to = status === 'SENDING' ? '+15005520429' : newNumber(); // 429, always
        const key = status === 'DRAFT' ? await createKey(server, norte.id, ['READ', 'DRAFT']) : norte.key;
        const { id } = await send(server, norte, 'SMS', to, { key, input: status === 'SCHEDULED' ? { sendAt: LATER } : {} });
        if (status === 'SENDING') await until(async () => (await keptOf(id))!.state === 'WAITING');
        await erase(id);
        await until(() => heardOf(feed, id).includes('ERASED'), { what: 'ERASED in the feed' });
        expect(heardOf(feed, id).slice(-2)).toEqual(['CANCELED', 'ERASED']);
        const shell = { status: 'CANCELED', to: '', body: null, error: null };
        expect(feed.items.at(-1)!.activity).toMatchObject({ status: 'CANCELED' });
        const { milestones, ...found } = await activityOf(server, norte.key, id);
        expect([found, milestones.at(-1)]).toMatchObject([shell, { status: 'CANCELED' }]);
        expect(await ask(server, norte.key, CANCEL, { id })).toEqual({ made: { id, status: 'CANCELED' } });
      },
    );

    it('what left before it stays as it was', async () => {
      const { id } = await send(server, norte, 'SMS', newNumber());
      await reached(server, norte.key, id, 'DELIVERED');
      await erase(id);
      expect((await activityOf(server, norte.key, id)).status).toBe('DELIVERED');
      expect((await gql(server, norte.key, CANCEL, { id })).text).toContain('has left already');
    });
  });

  it('from an RCS agent is RCS, to the person whose number it is', async () => {
    const agent = `rcs:norte_${randomBytes(4).toString('hex')}_agent`;
    await createSender(server, norte.id, agent);
    standIn.configure({ replies: true });
    const ana = newNumber();
    const { id } = await send(server, norte, 'SMS', ana, { input: { from: agent } });
    expect(await reached(server, norte.key, id, 'DELIVERED')).toMatchObject({ from: agent, to: ana });
    expect(parametersOf(ana)).toMatchObject({ From: agent, To: `rcs:${ana}` });
    await standIn.settle();
    standIn.configure({ replies: false });
    const answer = await receivedFrom(ana);
    const contactOf = async (of: string) =>
      (await ask(server, norte.key, 'query($id: ID!) { activity(id: $id) { to contact { id } } }', { id: of })).activity;
    const { contact } = await contactOf(id);
    expect(await contactOf(answer.id)).toEqual({ to: agent, contact });
  });

  describe('as an answer', () => {
    it.each<Way>(['WHATSAPP_TWILIO', 'WHATSAPP_META'])('%s: replyTo is what it answers, and Meta is told', async (way) => {
      const ana = newNumber();
      await openWindow(standIn, norte, way, ana);
      const received = await receivedFrom(ana);
      const { id, sent } = await send(server, norte, way, ana, { input: { replyToId: received.id }, selection: 'id replyTo { id }' });
      expect(sent[0].replyTo).toEqual({ id: received.id });
      expect((await reached(server, norte.key, id, 'READ')).replyTo).toEqual({ id: received.id });
      const { context } = requestsTo(standIn, ana)[0]!.parameters as { context?: object };
      expect(context).toEqual(way === 'WHATSAPP_META' ? { message_id: received.externalId } : undefined);
    });

    it('a mail names the Message-ID it answers', async () => {
      const ana = newRecipient('EMAIL');
      const messageId = standIn.act({ channel: 'EMAIL', from: ana, to: norte.email, subject: 'Duda', body: '¿Abren?' });
      await standIn.settle();
      const received = await receivedFrom(ana);
      const { id, request } = await mailSent(ana, { replyToId: received.id, subject: 'Re: Duda' });
      expect(request.headers).toEqual({ 'In-Reply-To': messageId, References: messageId });
      expect((await activityOf(server, norte.key, id)).replyTo).toEqual({ id: received.id });
      // In a thread it refers to what came before, too.
      await server.database.query(
        `update activity set metadata = metadata || '{"References": "<a@x.example> <b@x.example>"}' where id = $1`,
        [received.id],
      );
      const threaded = await mailSent(newRecipient('EMAIL'), { replyToId: received.id });
      expect(threaded.request.headers.References).toBe(`<a@x.example> <b@x.example> ${messageId}`);
    });

    it("a mail that follows one of ours goes on in its thread, by the Message-ID that SendGrid's events tell", async () => {
      const ana = newRecipient('EMAIL');
      const asked = standIn.act({ channel: 'EMAIL', from: ana, to: norte.email, subject: 'Duda', body: '¿Abren?' });
      await standIn.settle();
      const first = await mailSent(ana, { replyToId: (await receivedFrom(ana)).id, subject: 'Re: Duda' });
      // As long as nothing has told it, ours is answered all the same.
      const early = await mailSent(newRecipient('EMAIL'), { replyToId: first.id });
      expect(early.request.headers).toBeUndefined();
      const ours = `<${randomBytes(11).toString('base64url')}@geopod-ismtpd-0863>`;
      const processed = { event: 'processed', email: ana, timestamp: Math.floor(Date.now() / 1000), 'smtp-id': ours };
      await deliver(server, sendGridEvents(sendGridKeys, [{ ...processed, sg_event_id: 'told', centralita_activity: first.id }]));
      const next = await mailSent(newRecipient('EMAIL'), { replyToId: first.id });
      expect(next.request.headers).toEqual({ 'In-Reply-To': ours, References: `${asked} ${ours}` });
    });

    it('what its sender attached to a mail by the names of headers stays as it is, and leaves with no other', async () => {
      const secret = '<secret@crm.example>';
      const told = async (metadata: Record<string, string>) => {
        const ana = newRecipient('EMAIL');
        const { id } = await mailSent(ana, { metadata });
        const ours = `<${randomBytes(11).toString('base64url')}@geopod-ismtpd-0863>`;
        const processed = { event: 'processed', email: ana, timestamp: Math.floor(Date.now() / 1000), 'smtp-id': ours };
        await deliver(server, sendGridEvents(sendGridKeys, [{ ...processed, sg_event_id: `told ${id}`, centralita_activity: id }]));
        expect((await activityOf(server, norte.key, id)).metadata).toMatchObject(metadata);
        return { ours, next: await mailSent(newRecipient('EMAIL'), { replyToId: id }) };
      };
      const thread = await told({ References: secret, 'In-Reply-To': secret, event: 'signup' });
      expect(thread.next.request.headers).toEqual({ 'In-Reply-To': thread.ours, References: thread.ours });
      expect((await told({ 'smtp-id': secret })).next.request.headers).toBeUndefined();
    });

    it("to what is another channel's, another organization's or nothing is BAD_USER_INPUT", async () => {
      const ana = newNumber();
      const text = await send(server, norte, 'SMS', newNumber());
      await openWindow(standIn, sur, 'WHATSAPP_META', ana);
      for (const replyToId of [text.id, (await receivedFrom(ana)).id, '01a2153f-0000-7000-8000-000000000001', 'nonsense'])
        expect(await problemOf(mail(newRecipient('EMAIL'), { input: { replyToId } }))).toEqual(['BAD_USER_INPUT', 'replyToId']);
    });
  });

  describe('as a mail', () => {
    it('is one to each of to, joined by groupId, and each knows nothing of the others', async () => {
      const to = [newRecipient('EMAIL'), newRecipient('EMAIL'), newRecipient('EMAIL')];
      const { sent } = await mail('', { input: { to, idempotencyKey: `of ${to[0]}` }, selection: 'id to groupId idempotencyKey sentBy' });
      expect(sent.map((one) => one.to)).toEqual(to);
      expect([new Set(sent.map(({ groupId }) => groupId)).size, sent[0].groupId]).toEqual([1, expect.any(String)]);
      for (const [i, { id, ...one }] of sent.entries()) {
        await reached(server, norte.key, id, 'SENT');
        expect(one).toMatchObject({ idempotencyKey: `of ${to[0]}`, sentBy: 'test' });
        expect(mails(to[i]!).map(({ personalizations }) => personalizations)).toEqual([
          [{ to: [{ email: to[i] }], custom_args: { centralita_activity: id } }],
        ]);
      }
    });

    it('has copies, a reply-to, text and HTML as they were written, and keeps the HTML sanitised', async () => {
      const to = newRecipient('EMAIL');
      const html = '<p onclick="x()">Hola <b>Ana</b></p><script>alert(1)</script>';
      const input = {
        cc: ['c@example.com', to.toUpperCase()],
        bcc: ['b@example.com'],
        replyTo: 'caja@norte.example',
        text: 'Hola Ana',
        html,
      };
      const { id, request } = await mailSent(to, input);
      expect(request).toMatchObject({
        personalizations: [{ to: [{ email: to }], cc: [{ email: 'c@example.com' }], bcc: [{ email: 'b@example.com' }] }],
        reply_to: { email: 'caja@norte.example' },
        content: [
          { type: 'text/plain', value: 'Hola Ana' },
          { type: 'text/html', value: html },
        ],
      });
      const { activity } = await ask(server, norte.key, 'query($id: ID!) { activity(id: $id) { html body groupId } }', { id });
      expect(activity).toEqual({ html: '<p>Hola <b>Ana</b></p>', body: 'Hola Ana', groupId: null });
    });

    it('with copies has one recipient', async () => {
      const to = [newRecipient('EMAIL'), newRecipient('EMAIL')];
      expect(await problemOf(mail('', { input: { to, cc: ['c@example.com'] } }))).toEqual(['BAD_USER_INPUT', 'to']);
      expect(await problemOf(mail('', { input: { to: [to[0], to[0]] } }))).toEqual(['BAD_USER_INPUT', 'to.1']);
    });
  });

  describe('as a call', () => {
    const twiml = (to: string) => parametersOf(to).Twiml;

    it('of an agent rings the agent first, then dials who is called, and is an activity with that person', async () => {
      const [agent, customer] = [newNumber(), newNumber()];
      const { id } = await send(server, norte, 'CALL', customer, {
        input: { agent, say: undefined, record: true, metadata: { caso: '7' } },
      });
      const activity = await reached(server, norte.key, id, 'COMPLETED', 20_000);
      expect(activity).toMatchObject({ to: customer, from: norte.number, metadata: { agent, caso: '7' } });
      expect(parametersOf(agent)).toMatchObject({ To: agent, From: norte.number });
      expect(twiml(agent)).toMatch(
        new RegExp(
          `<Dial action="[^"]*${id}[^"]*" callerId="\\${norte.number}" record="record-from-answer-dual"[^>]*><Number>\\${customer}</Number></Dial>`,
        ),
      );
      await standIn.settle();
      expect((await activityOf(server, norte.key, id)).events.map(({ kind }: { kind: string }) => kind)).toContain('RECORDING');
    });

    it('says what it is given, as it is spoken, and is recorded where that is asked', async () => {
      const to = newNumber();
      const { id } = await send(server, norte, 'CALL', to, { input: { say: 'Su pedido <7> & más está listo', record: true } });
      await reached(server, norte.key, id, 'COMPLETED', 20_000);
      expect(twiml(to)).toMatch(/<Say language="es-ES">Su pedido &lt;7&gt; &amp; más está listo<\/Say>/);
      expect(parametersOf(to)).toMatchObject({ Record: 'true' });
      const plain = newNumber();
      await send(server, norte, 'CALL', plain);
      await until(() => requestsTo(standIn, plain).length === 1);
      expect(parametersOf(plain).Record).toBeUndefined();
    });

    it('is hung up by cancelActivity while it is under way, and not when it is over', async () => {
      const to = newNumber();
      standIn.configure({ stepMs: 400 });
      const { id } = await send(server, norte, 'CALL', to);
      await reached(server, norte.key, id, ['RINGING', 'ANSWERED']);
      expect((await gql(server, norte.key, CANCEL, { id })).code).toBeUndefined();
      const { externalId } = await reached(server, norte.key, id, ['COMPLETED', 'CANCELED']);
      const asked = standIn.requests.filter(({ method, path }) => method === 'POST' && path.endsWith(`/Calls/${externalId}.json`));
      expect(asked.map(({ parameters }) => parameters)).toEqual([{ Status: 'completed' }]);
      expect((await gql(server, norte.key, CANCEL, { id })).code).toBe(
        (await activityOf(server, norte.key, id)).status === 'CANCELED' ? undefined : 'BAD_USER_INPUT',
      );
    });

    it('without an agent has something to say', async () => {
      expect(await problemOf(send(server, norte, 'CALL', newNumber(), { input: { say: '  ' } }))).toEqual(['BAD_USER_INPUT', 'say']);
    });
  });

  it('a messaging service sends where it is the sender', async () => {
    const [service, to] = [sid('MG'), newNumber()];
    await createSender(server, norte.id, service);
    const { id } = await send(server, norte, 'SMS', to, { input: { from: service } });
    expect((await reached(server, norte.key, id, 'DELIVERED')).from).toBe(service);
    expect(parametersOf(to)).toMatchObject({ MessagingServiceSid: service });
    expect(parametersOf(to).From).toBeUndefined();
  });

  it('metadata comes back as it was given, whatever its members are called', async () => {
    const metadata = { constructor: 'ACME', toString: 1, prototype: { valueOf: [null] }, hasOwnProperty: { constructor: { a: 'ñ' } } };
    const { id } = await send(server, norte, 'SMS', newNumber(), { input: { metadata } });
    expect((await reached(server, norte.key, id, 'DELIVERED')).metadata).toMatchObject(metadata);
  });

  it.each(['+5215512345671', '+5491123456789', '+551187654321'])(
    '%s, a number as WhatsApp still writes it, can be written to',
    async (to) => {
      expect((await reached(server, norte.key, (await send(server, norte, 'SMS', to)).id, 'DELIVERED')).to).toBe(to);
    },
  );

  it.each<[Way, Record<string, unknown>, string]>([
    ['SMS', { body: 'a'.repeat(1_601) }, 'body'],
    ['SMS', { body: '   ' }, 'body'],
    ['SMS', { mediaUrls: ['http://example.com/a.png'] }, 'mediaUrls.0'],
    ['WHATSAPP_META', { body: 'a'.repeat(4_097) }, 'body'],
    ['EMAIL', { subject: 'a\r\nBcc: x@example.com' }, 'subject'],
    ['EMAIL', { to: [] }, 'to'],
    ['SMS', { to: '+1' }, 'to'],
    ['SMS', { metadata: 'text' }, 'metadata'],
    ['SMS', { idempotencyKey: '' }, 'idempotencyKey'],
  ])('%s with what is none (%#) is BAD_USER_INPUT, which names the field', async (way, input, field) => {
    const to = newRecipient(way);
    await openWindow(standIn, norte, way, to);
    expect(await problemOf(send(server, norte, way, to, { input }))).toEqual(['BAD_USER_INPUT', field]);
    expect(requestsTo(standIn, to)).toHaveLength(0);
  });
});
