import { randomBytes } from 'node:crypto';
import { sendGridEvents } from '../factories/sendgrid.js';
import { newNumber, newRecipient, openWindow, send, type Way } from '../factories/sends.js';
import { startContentWorld } from '../support/content-world.js';
import { ask } from '../support/graphql.js';
import { deliver } from '../support/post.js';
import { activityOf, reached, requestsTo } from '../support/sent.js';

const { server, standIn, norte, sur, sendGridKeys, mails, mail, mailSent, receivedFrom, problemOf } = await startContentWorld();

describe('What a send carries', () => {
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
});
