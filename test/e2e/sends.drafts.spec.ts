import { createKey } from '../factories/organization.js';
import { APPROVE, CANCEL, HELLO, LATER, newNumber, newRecipient, send, type Way } from '../factories/sends.js';
import { FeedClient } from '../support/feed-client.js';
import { ask, gql } from '../support/graphql.js';
import { startSendingWorld } from '../support/sending-world.js';
import { activityOf, heardOf, makeDue, reached, requestsTo } from '../support/sent.js';
import { until } from '../support/until.js';

const { server, standIn, norte, sur, says, errorOf, sms, later, due } = await startSendingWorld();

describe('The rules of a send', () => {
  describe('on drafts', () => {
    it('answers nobody: who wrote waits for a reply until one has left', async () => {
      const ana = newNumber();
      await says(ana, 'hola');
      const waits = async () => {
        const { contacts } = await ask(
          server,
          norte.key,
          'query($o: ID!, $x: String) { contacts(organizationId: $o, search: $x) { edges { node { conversation { awaitingReply } } } } }',
          { o: norte.id, x: ana },
        );
        return contacts.edges[0].node.conversation.awaitingReply as boolean;
      };
      const { id } = await send(server, norte, 'SMS', ana, { key: await createKey(server, norte.id, ['READ', 'DRAFT']) });
      expect(await waits()).toBe(true);
      await ask(server, norte.key, APPROVE, { id });
      await reached(server, norte.key, id, ['SENT', 'DELIVERED']);
      expect(await waits()).toBe(false);
    });

    it('shows in the conversation when it left, not when it was proposed', async () => {
      const ana = newNumber();
      await says(ana, 'one');
      const { id } = await send(server, norte, 'SMS', ana, { key: await createKey(server, norte.id, ['READ', 'DRAFT']) });
      const scheduled = await later('SMS', ana);
      await says(ana, 'two');
      const order = async () =>
        (
          await ask(
            server,
            norte.key,
            'query($o: ID!, $a: String) { activities(organizationId: $o, filter: { participant: $a }) { edges { node { id body } } } }',
            { o: norte.id, a: ana },
          )
        ).activities.edges.map(({ node }: { node: { id: string; body: string } }) =>
          node.id === id ? 'draft' : node.id === scheduled ? 'scheduled' : node.body,
        );
      expect(await order()).toEqual(['two', 'scheduled', 'draft', 'one']);
      await ask(server, norte.key, APPROVE, { id });
      await reached(server, norte.key, id, 'DELIVERED');
      expect(await order()).toEqual(['draft', 'two', 'scheduled', 'one']);
      await due(scheduled);
      await reached(server, norte.key, scheduled, 'DELIVERED');
      expect(await order()).toEqual(['scheduled', 'draft', 'two', 'one']);
    });

    let proposer: string;
    let feed: FeedClient;
    beforeAll(async () => {
      proposer = await createKey(server, norte.id, ['READ', 'DRAFT']);
      feed = await new FeedClient(server, norte.key, 'activityFeed', { organizationId: norte.id }).live();
    });
    const propose = async (to: string, input: object = {}, way: Way = 'SMS') =>
      (await send(server, norte, way, to, { key: proposer, input: { ...input } })).id;
    const approve = (id: string, body?: string, key = norte.key) => gql(server, key, APPROVE, { id, body });
    const cancel = (id: string, key = norte.key) => gql(server, key, CANCEL, { id });

    it.each<Way>(['SMS', 'EMAIL', 'CALL'])(
      '%s: a key that may only DRAFT makes one, which is heard, waits, and leaves when a person approves',
      async (way) => {
        const to = newRecipient(way);
        const id = await propose(to, {}, way);
        await until(() => heardOf(feed, id).length > 0, { what: 'the draft in the feed' });
        expect(await activityOf(server, norte.key, id)).toMatchObject({
          status: 'DRAFT',
          sentBy: 'test',
          approvedBy: null,
          events: [{ status: 'DRAFT' }],
        });
        expect(requestsTo(standIn, to)).toHaveLength(0);
        expect((await approve(id)).data.made).toMatchObject({ status: 'QUEUED', approvedBy: 'test' });
        const { events } = await reached(server, norte.key, id, ['DELIVERED', 'OPENED', 'COMPLETED']);
        expect(events.map(({ status }: { status: string }) => status).slice(0, 2)).toEqual(['DRAFT', 'QUEUED']);
        expect([requestsTo(standIn, to).length, (await approve(id)).code]).toEqual([1, 'BAD_USER_INPUT']);
      },
    );

    it('is approved with another text, which leaves and is what is kept', async () => {
      const to = newNumber();
      const id = await propose(to);
      expect((await approve(id, 'mejor así')).data.made).toMatchObject({ body: 'mejor así' });
      expect((await reached(server, norte.key, id, 'DELIVERED')).body).toBe('mejor así');
      expect(requestsTo(standIn, to)).toMatchObject([{ parameters: { Body: 'mejor así' } }]);
    });

    it.each(['', ' \n'])('is not approved with %j for its text, and stays a draft', async (body) => {
      const to = newNumber();
      const id = await propose(to);
      expect((await approve(id, body)).errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'body' });
      expect(await activityOf(server, norte.key, id)).toMatchObject({ status: 'DRAFT', body: 'hola' });
      expect(requestsTo(standIn, to)).toHaveLength(0);
    });

    it('is approved once, however many do it at once', async () => {
      const to = newNumber();
      const id = await propose(to);
      const codes = (await Promise.all(Array.from({ length: 20 }, () => approve(id)))).map(({ code }) => code);
      expect(codes.filter((code) => code === undefined)).toHaveLength(1);
      await reached(server, norte.key, id, 'DELIVERED');
      expect(requestsTo(standIn, to)).toHaveLength(1);
    });

    it('is judged again: an opt-out since then stops the approval, and it stays a draft', async () => {
      const to = newNumber();
      const id = await propose(to);
      await says(to, 'STOP');
      expect((await approve(id)).code).toBe('OPTED_OUT');
      expect((await activityOf(server, norte.key, id)).status).toBe('DRAFT');
      await says(to, 'START');
      expect((await approve(id)).code).toBeUndefined();
    });

    it('that is scheduled leaves at its time once it is approved, and not before', async () => {
      const to = newNumber();
      const id = await propose(to, { sendAt: LATER });
      const sendAt = async () =>
        (await gql(server, norte.key, 'query($id: ID!) { activity(id: $id) { sendAt } }', { id })).data.activity.sendAt as unknown;
      expect(await sendAt()).toBe(new Date(LATER).toISOString());
      expect((await approve(id)).data.made.status).toBe('SCHEDULED');
      expect([await sendAt(), requestsTo(standIn, to)]).toEqual([new Date(LATER).toISOString(), []]);
      await due(id);
      await reached(server, norte.key, id, 'DELIVERED');
      expect(await sendAt()).toBeNull();
    });

    it('shows the links that leave with it', async () => {
      const mediaUrls = ['https://example.com/a.png'];
      const id = await propose(newNumber(), { body: undefined, mediaUrls });
      expect(await activityOf(server, norte.key, id)).toMatchObject({ status: 'DRAFT', body: null, metadata: { mediaUrls } });
    });

    it('that is canceled never leaves', async () => {
      const to = newNumber();
      const id = await propose(to);
      expect((await cancel(id)).data.made.status).toBe('CANCELED');
      await until(() => heardOf(feed, id).includes('CANCELED'), { what: 'CANCELED in the feed' });
      expect([(await approve(id)).code, (await cancel(id)).data.made.status]).toEqual(['BAD_USER_INPUT', 'CANCELED']);
      expect(requestsTo(standIn, to)).toHaveLength(0);
    });

    it('is approved and canceled by who may SEND there, and by nobody else', async () => {
      const id = await propose(newNumber());
      const reader = await createKey(server, norte.id, ['READ']);
      for (const [key, code] of [
        [proposer, 'FORBIDDEN'],
        [reader, 'FORBIDDEN'],
        [sur.key, 'NOT_FOUND'],
        ['', 'UNAUTHENTICATED'],
      ] as const)
        expect([(await approve(id, undefined, key)).code, (await cancel(id, key)).code]).toEqual([code, code]);
      expect((await activityOf(server, norte.key, id)).status).toBe('DRAFT');
    });

    it('is what a key that may only READ is told of, beside SEND', async () => {
      const key = await createKey(server, norte.id, ['READ']);
      for (const channel of ['SMS', 'EMAIL'] as const)
        expect(await errorOf(send(server, norte, channel, newRecipient(channel), { key }))).toMatchObject({
          code: 'FORBIDDEN',
          message: 'This credential lacks the scope SEND, or DRAFT to propose.',
        });
    });

    it('of a mail with HTML, or by a template, takes no other text', async () => {
      const mail = await propose(newRecipient('EMAIL'), { html: '<p>hola</p>' }, 'EMAIL');
      const template = await propose(newNumber(), { body: undefined, template: HELLO }, 'WHATSAPP_META');
      for (const id of [mail, template]) expect(await approve(id, 'otra cosa')).toMatchObject({ code: 'BAD_USER_INPUT' });
    });
  });

  describe('on what is canceled', () => {
    it('one that is scheduled never leaves, and one that left is not taken back', async () => {
      const [to, other] = [newNumber(), newNumber()];
      const id = await later('SMS', to);
      expect((await activityOf(server, norte.key, id)).status).toBe('SCHEDULED');
      expect((await gql(server, norte.key, CANCEL, { id })).data.made.status).toBe('CANCELED');
      await due(id);
      const sent = (await sms(other)).id;
      await reached(server, norte.key, sent, 'DELIVERED');
      expect((await gql(server, norte.key, CANCEL, { id: sent })).code).toBe('BAD_USER_INPUT');
      expect([(await activityOf(server, norte.key, id)).status, requestsTo(standIn, to).length]).toEqual(['CANCELED', 0]);
    });

    it('one that waits to be tried again never leaves', async () => {
      const to = '+15005130429'; // 429 by Meta, always
      const { id } = await send(server, norte, 'WHATSAPP_META', to, { input: { body: undefined, template: HELLO } });
      await until(
        async () => (await server.database.query(`select from send_item where activity_id = $1 and state = 'WAITING'`, [id])).length,
      );
      expect((await gql(server, norte.key, CANCEL, { id })).data.made.status).toBe('CANCELED');
      const other = await later('SMS', newNumber());
      await makeDue(server.database, [other], () => 1_300);
      await reached(server, norte.key, other, 'DELIVERED');
      expect(requestsTo(standIn, to)).toHaveLength(1);
    });

    it("what came in, and what is nobody's, is not", async () => {
      const ana = newNumber();
      await says(ana, 'hola');
      const [row] = await server.database.query<{ id: string }>('select id from activity where "from" = $1', [ana]);
      expect((await gql(server, norte.key, CANCEL, { id: row!.id })).code).toBe('BAD_USER_INPUT');
      expect((await gql(server, norte.key, CANCEL, { id: '01a2153f-0000-7000-8000-000000000001' })).code).toBe('NOT_FOUND');
    });
  });
});
