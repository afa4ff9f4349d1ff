import { entryOf, notificationOf, wamid } from '../factories/meta.js';
import { HELLO, newNumber, openWindow, send, senderOf, type Way } from '../factories/sends.js';
import { post } from '../support/post.js';
import { startSendingWorld } from '../support/sending-world.js';
import { activityOf, reached, requestsTo } from '../support/sent.js';

const { world, server, standIn, norte, sendability, errorOf, later, due } = await startSendingWorld();

describe('The rules of a send', () => {
  describe.each<Way>(['WHATSAPP_TWILIO', 'WHATSAPP_META'])('on the window, by %s', (way) => {
    const whatsApp = (to: string, input: object = {}) => send(server, norte, way, to, { input: { ...input } });
    const may = (to: string) => sendability('WHATSAPP', to, senderOf(norte, way));
    const template = way === 'WHATSAPP_META' ? HELLO : { id: `HX${'4'.padStart(32, '0')}` };
    /** As if all that was heard of them had been so long ago. */
    const age = (hours: number) => server.database.query(`update last_heard set at = at - make_interval(secs => $1)`, [hours * 3_600]);

    it('whoever never wrote hears nothing but a template', async () => {
      const ana = newNumber();
      expect(await errorOf(whatsApp(ana))).toEqual({ code: 'WHATSAPP_WINDOW_CLOSED', message: expect.stringContaining('Use a template') });
      expect(await may(ana)).toMatchObject({ allowed: false, code: 'WHATSAPP_WINDOW_CLOSED', windowClosesAt: null });
      const { id } = await whatsApp(ana, { body: undefined, template });
      expect((await reached(server, norte.key, id, 'READ')).body).toMatch(/^Welcome and congratulations/);
    });

    it('is open for 24 hours after a message, and of that sender alone', async () => {
      const ana = newNumber();
      const before = Date.now();
      await openWindow(standIn, norte, way, ana);
      const { allowed, windowClosesAt } = await may(ana);
      expect([
        allowed,
        Date.parse(windowClosesAt) - before > 24 * 3_600_000 - 5_000,
        Date.parse(windowClosesAt) - before < 24 * 3_600_000 + 5_000,
      ]).toEqual([true, true, true]);
      await reached(server, norte.key, (await whatsApp(ana)).id, 'READ');
      const other = way === 'WHATSAPP_META' ? 'WHATSAPP_TWILIO' : 'WHATSAPP_META';
      expect((await send(server, norte, other, ana)).code).toBe('WHATSAPP_WINDOW_CLOSED');
      await age(23.9);
      expect((await whatsApp(ana)).code).toBeUndefined();
      await age(0.2);
      const error = await errorOf(whatsApp(ana));
      expect(error).toMatchObject({ code: 'WHATSAPP_WINDOW_CLOSED', windowClosedAt: (await may(ana)).windowClosesAt });
      expect(Date.parse(String(error!.windowClosedAt))).toBeLessThan(Date.now());
    });

    it('that closes between scheduling and leaving fails it', async () => {
      const ana = newNumber();
      await openWindow(standIn, norte, way, ana);
      const id = await later(way, ana);
      await age(25);
      await due(id);
      expect((await reached(server, norte.key, id, 'FAILED')).error.code).toBe('WHATSAPP_WINDOW_CLOSED');
      expect(requestsTo(standIn, ana)).toHaveLength(0);
    });
  });

  it.each([
    ['opens', 'messages', '👍', undefined],
    ['that is taken back does not open', 'messages', undefined, 'WHATSAPP_WINDOW_CLOSED'],
    ['of our own, in the phone app, does not open', 'smb_message_echoes', '👍', 'WHATSAPP_WINDOW_CLOSED'],
  ])('a reaction %s the window', async (_, field, emoji, code) => {
    const ana = newNumber();
    const { id } = await send(server, norte, 'WHATSAPP_META', ana, { input: { body: undefined, template: HELLO } });
    const { externalId } = await reached(server, norte.key, id, 'READ');
    const sides = field === 'messages' ? { from: ana.slice(1) } : { from: '12025550130', to: ana.slice(1) };
    const reaction = { message_id: externalId, ...(emoji && { emoji }) };
    const message = { id: wamid(), ...sides, timestamp: String(Math.floor(Date.now() / 1_000)), type: 'reaction', reaction };
    const list = field === 'messages' ? { messages: [message] } : { message_echoes: [message] };
    const entry = entryOf('102290129340398', norte.meta, { contacts: [{ wa_id: ana.slice(1) }], ...list }, field);
    expect((await post(server, notificationOf([entry], world.secrets.WHATSAPP_APP_SECRET))).status).toBe(200);
    expect((await activityOf(server, norte.key, id)).events.map(({ kind }: { kind: string }) => kind)).toContain('REACTION');
    expect((await send(server, norte, 'WHATSAPP_META', ana)).code).toBe(code);
  });

  it("what a person writes or reacts with in a group opens none, and a reaction to the person's own message opens it again", async () => {
    const ana = newNumber();
    const at = String(Math.floor(Date.now() / 1_000));
    const group = { group_id: `Y2FwaV9ncm91c${ana.slice(1)}` };
    const tell = async (content: object, id = wamid()) => {
      const messages = [{ id, from: ana.slice(1), timestamp: at, ...content }];
      const entry = entryOf('102290129340398', norte.meta, { contacts: [{ wa_id: ana.slice(1) }], messages });
      expect((await post(server, notificationOf([entry], world.secrets.WHATSAPP_APP_SECRET))).status).toBe(200);
      return id;
    };
    const reactTo = (id: string, more = {}) => tell({ type: 'reaction', reaction: { message_id: id, emoji: '👍' }, ...more });
    const inGroup = await tell({ type: 'text', text: { body: 'a todos' }, ...group });
    await reactTo(inGroup, group);
    expect((await send(server, norte, 'WHATSAPP_META', ana)).code).toBe('WHATSAPP_WINDOW_CLOSED');
    const own = await tell({ type: 'text', text: { body: 'hola' } });
    await server.database.query('delete from last_heard');
    await reactTo(own);
    expect((await send(server, norte, 'WHATSAPP_META', ana)).code).toBeUndefined();
  });
});
