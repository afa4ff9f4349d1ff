import { randomBytes } from 'node:crypto';
import { createSender } from '../factories/organization.js';
import { CANCEL, newNumber, newRecipient, openWindow, send, type Way } from '../factories/sends.js';
import { sid } from '../factories/twilio.js';
import { startContentWorld } from '../support/content-world.js';
import { ask, gql } from '../support/graphql.js';
import { activityOf, reached, requestsTo } from '../support/sent.js';
import { until } from '../support/until.js';

const { server, standIn, norte, receivedFrom, parametersOf, problemOf } = await startContentWorld();

describe('What a send carries', () => {
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
});
