import { randomBytes } from 'node:crypto';
import { entryOf, notificationOf, wamid } from '../factories/meta.js';
import { newNumber } from '../factories/sends.js';
import { post } from '../support/post.js';
import { startSendingWorld } from '../support/sending-world.js';
import { reached, requestsTo } from '../support/sent.js';

const { world, server, standIn, norte, sendability, setOptOut, sms, later, due } = await startSendingWorld();

/** Somebody whom a message has named by both. */
interface Person {
  readonly number: string;
  readonly userId: string;
}

describe('Of a person with a number and a user id on WhatsApp', () => {
  const may = (to: string) => sendability('WHATSAPP', to, norte.meta);
  const writes = async ({ number, userId }: Person, names: 'both' | 'user id') => {
    const from = { from_user_id: userId, ...(names === 'both' && { from: number.slice(1) }) };
    const messages = [{ id: wamid(), ...from, timestamp: String(Math.floor(Date.now() / 1_000)), type: 'text', text: { body: 'hola' } }];
    const contacts = [{ profile: { name: 'Ana' }, user_id: userId, ...(names === 'both' && { wa_id: number.slice(1) }) }];
    const entry = entryOf('102290129340398', norte.meta, { contacts, messages });
    expect((await post(server, notificationOf([entry], world.secrets.WHATSAPP_APP_SECRET))).status).toBe(200);
  };
  const met = async (): Promise<Person> => {
    const person = { number: newNumber(), userId: `ES.${randomBytes(8).toString('hex')}` };
    await writes(person, 'both');
    return person;
  };

  it('a message under either name opens the window of both', async () => {
    const ana = await met();
    await server.database.query("update last_heard set at = at - interval '25 hours'");
    expect([(await may(ana.number)).code, (await may(ana.userId)).code]).toEqual(['WHATSAPP_WINDOW_CLOSED', 'WHATSAPP_WINDOW_CLOSED']);
    await writes(ana, 'user id');
    expect([(await may(ana.number)).allowed, (await may(ana.userId)).allowed]).toEqual([true, true]);
    expect((await may(ana.number)).windowClosesAt).toBe((await may(ana.userId)).windowClosesAt);
  });

  it.each<[keyof Person, keyof Person]>([
    ['number', 'userId'],
    ['userId', 'number'],
  ])('who is not to be written to by the %s is not by the %s either, until that is taken back by any', async (said, other) => {
    const ana = await met();
    const id = await later('WHATSAPP_META', ana[other]);
    await setOptOut('WHATSAPP', ana[said], true);
    expect([(await may(ana[said])).code, (await may(ana[other])).code]).toEqual(['OPTED_OUT', 'OPTED_OUT']);
    await due(id);
    expect((await reached(server, norte.key, id, 'CANCELED')).error.code).toBe('OPTED_OUT');
    expect([...requestsTo(standIn, ana.number), ...requestsTo(standIn, ana.userId)]).toEqual([]);
    expect((await sms(ana.number)).code).toBeUndefined();
    await setOptOut('WHATSAPP', `whatsapp:${ana[other]}`, false);
    expect([(await may(ana[said])).allowed, (await may(ana[other])).allowed]).toEqual([true, true]);
  });
});
