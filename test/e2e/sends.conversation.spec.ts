import { createKey } from '../factories/organization.js';
import { APPROVE, CANCEL, newNumber, newRecipient, send, TOO_MUCH } from '../factories/sends.js';
import { ask, gql } from '../support/graphql.js';
import { startSendingWorld } from '../support/sending-world.js';
import { activityOf, reached, requestsTo } from '../support/sent.js';
import { until } from '../support/until.js';

const { server, standIn, norte, says, errorOf, sms, later, due } = await startSendingWorld();

describe('The rules of a send', () => {
  describe('on the conversation', () => {
    // oxlint-disable-next-line typescript/no-explicit-any -- the shape is the query's
    const conversationOf = async (address: string): Promise<any[]> => {
      const query =
        'query($o: ID!, $a: String) { activities(organizationId: $o, filter: { participant: $a }) { edges { node { id cursor occurredAt } } } }';
      return (await ask(server, norte.key, query, { o: norte.id, a: address })).activities.edges.map(({ node }: { node: unknown }) => node);
    };

    it.each(['the contact', 'a colleague'])(
      'a send by who has not seen what %s wrote is refused with CONVERSATION_MOVED, which names it',
      async (who) => {
        const ana = newNumber();
        await says(ana, 'one');
        const [{ cursor: seen }] = await conversationOf(ana);
        await (who === 'the contact' ? says(ana, 'two') : sms(ana));
        const [newest] = await conversationOf(ana);
        const told = { latestActivityId: newest.id, at: newest.occurredAt };
        const message = 'The contact or a colleague has written since. Read what is new, then send again.';
        expect(await errorOf(sms(ana, { ifLatest: seen }))).toEqual({ code: 'CONVERSATION_MOVED', ...told, message });
        expect((await sms(ana, { ifLatest: newest.cursor })).code).toBeUndefined();
      },
    );

    it('what others wrote, what came on another channel to somebody else, and drafts, move nothing', async () => {
      const ana = newNumber();
      await says(ana, 'one');
      const [{ cursor: seen }] = await conversationOf(ana);
      await says(newNumber(), 'of another');
      await send(server, norte, 'SMS', ana, { key: await createKey(server, norte.id, ['READ', 'DRAFT']) });
      expect((await sms(ana, { ifLatest: seen })).code).toBeUndefined();
    });

    it('a draft moves it when it is approved, and one that is canceled never does', async () => {
      const [ana, proposer] = [newNumber(), await createKey(server, norte.id, ['READ', 'DRAFT'])];
      const propose = async () => (await send(server, norte, 'SMS', ana, { key: proposer })).id;
      const feedCursor = async () => {
        const query = 'query($o: ID!) { activities(organizationId: $o, first: 1) { feedCursor } }';
        return (await ask(server, norte.key, query, { o: norte.id })).activities.feedCursor as string;
      };
      await says(ana, 'one');
      const [canceled, approved] = [await propose(), await propose()];
      const seen = await feedCursor();
      await ask(server, norte.key, CANCEL, { id: canceled });
      await ask(server, norte.key, CANCEL, { id: await propose() });
      expect((await sms(ana, { ifLatest: seen })).code).toBeUndefined();
      const last = await feedCursor();
      await ask(server, norte.key, APPROVE, { id: approved });
      expect(await errorOf(sms(ana, { ifLatest: last }))).toMatchObject({ code: 'CONVERSATION_MOVED', latestActivityId: approved });
      expect((await sms(ana, { ifLatest: await feedCursor() })).code).toBeUndefined();
    });

    it('of 20 who have all seen the newest one may send', async () => {
      const ana = newNumber();
      await says(ana, 'one');
      const [{ cursor: ifLatest }] = await conversationOf(ana);
      const codes = (await Promise.all(Array.from({ length: 20 }, () => sms(ana, { ifLatest })))).map(({ code }) => code);
      expect(codes.filter((code) => code === undefined)).toHaveLength(1);
      expect(new Set(codes)).toEqual(new Set([undefined, 'CONVERSATION_MOVED']));
    });

    it('what is scheduled fails where the contact wrote before it left, and leaves where nobody did', async () => {
      const schedule = async (to: string) => {
        await says(to, 'one');
        const [{ cursor: ifLatest }] = await conversationOf(to);
        return later('SMS', to, { ifLatest });
      };
      const [ana, eva] = [newNumber(), newNumber()];
      const [moved, still] = [await schedule(ana), await schedule(eva)];
      await says(ana, 'two');
      await due(moved, still);
      const { error } = await reached(server, norte.key, moved, 'FAILED');
      expect([error.code, requestsTo(standIn, ana).length]).toEqual(['CONVERSATION_MOVED', 0]);
      await reached(server, norte.key, still, 'DELIVERED');
    });

    it('what is tried again is not stopped by what its writer sent after it', async () => {
      await says(TOO_MUCH, 'START');
      const [{ cursor: ifLatest }] = await conversationOf(TOO_MUCH);
      const { id } = await sms(TOO_MUCH, { ifLatest });
      await until(() => requestsTo(standIn, TOO_MUCH).at(-1)?.status === 429);
      const before = requestsTo(standIn, TOO_MUCH).length;
      await later('SMS', TOO_MUCH);
      await due(id);
      await until(() => requestsTo(standIn, TOO_MUCH).length > before);
      expect((await activityOf(server, norte.key, id)).status).not.toBe('FAILED');
      await ask(server, norte.key, CANCEL, { id });
    });

    it('a draft is approved where nobody wrote since it was proposed, and refused where somebody did', async () => {
      const [ana, proposer] = [newNumber(), await createKey(server, norte.id, ['READ', 'DRAFT'])];
      const propose = async () => {
        // An approval is an event of its draft: the draft's own cursor stands before it.
        const query = 'query($o: ID!) { activities(organizationId: $o, first: 1) { feedCursor } }';
        const ifLatest = (await ask(server, norte.key, query, { o: norte.id })).activities.feedCursor as string;
        return (await send(server, norte, 'SMS', ana, { key: proposer, input: { ifLatest } })).id;
      };
      await says(ana, 'one');
      const first = await propose();
      expect((await gql(server, norte.key, APPROVE, { id: first })).code).toBeUndefined();
      await reached(server, norte.key, first, 'DELIVERED');
      const second = await propose();
      await says(ana, 'two');
      expect((await gql(server, norte.key, APPROVE, { id: second })).code).toBe('CONVERSATION_MOVED');
      expect((await activityOf(server, norte.key, second)).status).toBe('DRAFT');
    });

    it('what is no cursor of this feed is BAD_USER_INPUT', async () => {
      expect(await errorOf(sms(newNumber(), { ifLatest: 'nonsense' }))).toMatchObject({ code: 'BAD_USER_INPUT', field: 'ifLatest' });
    });
  });

  it('a key that is known answers with its activities, whatever the rules now say', async () => {
    const [ana, mail] = [newNumber(), newRecipient('EMAIL')];
    const input = { idempotencyKey: 'before the rules' };
    const first = await sms(ana, input);
    await says(ana, 'STOP');
    expect((await sms(ana, input)).id).toBe(first.id);
    expect((await sms(ana, { ...input, idempotencyKey: 'after the rules' })).code).toBe('OPTED_OUT');

    const template = { id: `HX${'1'.padStart(32, '0')}`, variables: { 1: 'Ana', 2: 'lunes' } };
    const byTemplate = { idempotencyKey: 'a template', body: undefined, template };
    const sent = await send(server, norte, 'WHATSAPP_TWILIO', ana, { input: byTemplate });
    standIn.misbehave({ kind: 'ERROR', status: 404, method: 'GET', times: 0 });
    expect((await send(server, norte, 'WHATSAPP_TWILIO', ana, { input: byTemplate })).id).toBe(sent.id);

    const seen = (await ask(server, norte.key, 'query($o: ID!) { feed(organizationId: $o, first: 200) { cursor } }', { o: norte.id })).feed
      .cursor;
    const ifLatest = { idempotencyKey: 'a cursor', ifLatest: seen };
    const [one, again] = [
      await send(server, norte, 'EMAIL', mail, { input: ifLatest }),
      await send(server, norte, 'EMAIL', mail, { input: ifLatest }),
    ];
    expect([one.code, again.id]).toEqual([undefined, one.id]);
  });
});
