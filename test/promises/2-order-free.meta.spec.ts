import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { fromPerson, META_SECRETS, notification, phoneNumberId, wamid } from '../factories/meta.js';
import { createOrganization, type TestOrganization } from '../factories/organization.js';
import { type Request } from '../factories/twilio.js';
import { allActivities, ask, deliveries } from '../support/graphql.js';
import { deliver, inParallel } from '../support/post.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

const SELECTION = `externalId origin direction status error { code } metadata body from to revision reactions { emoji from } replyTo { externalId }
  milestones { status at } events { kind status }`;

describe('Promise 2, where one WhatsApp message tells of another', () => {
  let server: TestServer;
  let organization: TestOrganization;
  const number = phoneNumberId();
  beforeAll(async () => {
    server = await TestServer.start({ env: META_SECRETS });
    organization = await createOrganization(server);
    await ask(
      server,
      server.adminKey,
      'mutation($o: ID!, $a: String!) { createSender(organizationId: $o, channel: WHATSAPP, address: $a, provider: META) { id } }',
      { o: organization.id, a: number },
    );
  });
  afterAll(() => server.dispose());

  const activity = async (id: string) => {
    const all = await allActivities(server, organization.key, organization.id, SELECTION);
    const found = all.filter(({ externalId }) => externalId === id);
    expect(found.length).toBeLessThanOrEqual(1);
    return found[0];
  };
  const nothingWaits = () => until(async () => !(await deliveries(server, { states: ['UNMATCHED', 'PARTIAL'] })).length, { ms: 10_000 });

  /** A message, and all that a person may do about it afterwards. */
  const conversation = (): { id: string; answer: string; requests: Request[] } => {
    const [id, answer] = [wamid(), wamid()];
    const react = (second: number, emoji?: string) =>
      fromPerson(number, { type: 'reaction', second, reaction: { message_id: id, ...(emoji && { emoji }) } });
    const message = { text: { body: 'mejor el lunes' }, type: 'text' };
    return {
      id,
      answer,
      requests: [
        fromPerson(number, { id, type: 'text', text: { body: 'el martes' } }),
        react(10, '👍'),
        react(20),
        react(30, '🎉'),
        fromPerson(number, { type: 'edit', second: 40, edit: { original_message_id: id, message } }),
        fromPerson(number, { type: 'revoke', second: 50, revoke: { original_message_id: id } }),
        fromPerson(number, { id: answer, type: 'text', second: 60, text: { body: '?' }, context: { id } }),
      ],
    };
  };

  it('its reactions, edits, revocation and answers end the same in any order, repeated and at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 8 }), async (random, width) => {
        const { id, answer, requests } = conversation();
        const shuffled = [...requests, ...requests]
          .map((request) => ({ request, at: random.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ request }) => request);
        await inParallel(shuffled, width, async (request) => expect((await deliver(server, request)).status).toBe(200));
        await nothingWaits();
        const found = await activity(id);
        expect(found).toMatchObject({
          status: 'RECEIVED',
          direction: 'INBOUND',
          body: 'mejor el lunes',
          from: '+12025550147',
          revision: 6,
        });
        expect(found.reactions).toEqual([{ emoji: '🎉', from: '+12025550147' }]);
        expect(found.milestones).toEqual([{ status: 'RECEIVED', at: '2026-11-24T08:50:00.000Z' }]);
        expect(found.events.map(({ kind }: { kind: string }) => kind).sort()).toEqual(
          ['CREATED', 'DELETED', 'EDITED', 'REACTION', 'REACTION', 'REACTION'].sort(),
        );
        expect((await activity(answer)).replyTo).toEqual({ externalId: id });
      }),
      { numRuns: 10 },
    );
  });

  it('a reaction whose message never comes stays UNMATCHED, and makes no activity', async () => {
    const id = wamid();
    await deliver(server, fromPerson(number, { type: 'reaction', reaction: { message_id: id, emoji: '👍' } }));
    const [kept] = await deliveries(server, { states: ['UNMATCHED'] });
    expect(kept.bodyText).toContain(id);
    expect(await activity(id)).toBeUndefined();
    await deliver(server, fromPerson(number, { id, type: 'text', text: { body: 'tarde' } }));
    await nothingWaits();
    expect((await activity(id)).reactions).toEqual([{ emoji: '👍', from: '+12025550147' }]);
  });

  it.each([
    ['later', [0, 1]],
    ['first', [1, 0]],
    ['between', [0, 1, 0]],
  ])('a message that WhatsApp could not show at once has its text and no error, where that comes %s', async (_when, order) => {
    const id = wamid();
    const errors = [{ code: 131_060, title: 'This message is unavailable.' }];
    const requests = [
      fromPerson(number, { id, type: 'unsupported', second: 20, errors, unsupported: { type: 'text' } }),
      fromPerson(number, { id, type: 'text', text: { body: 'el texto' } }),
    ];
    for (const i of order) await deliver(server, requests[i]!);
    expect(await activity(id)).toMatchObject({
      status: 'RECEIVED',
      body: 'el texto',
      error: null,
      metadata: { type: 'text' },
      revision: 2,
      milestones: [{ status: 'RECEIVED', at: '2026-11-24T08:50:00.000Z' }],
    });
  });

  it('a message to a group is nobody’s, whoever of it is told of', async () => {
    const [id, group] = [wamid(), `Y2FwaV9ncm91cDox${randomBytes(6).toString('hex')}`];
    for (const person of ['12025550161', '12025550162']) {
      const contacts = [{ profile: { name: 'Eva' }, wa_id: person, user_id: `US.${person}` }];
      const status = { id, status: 'delivered', timestamp: '1795510205', recipient_id: group, recipient_type: 'group' };
      await deliver(server, notification(number, { contacts, statuses: [{ ...status, recipient_participant_id: person }] }));
    }
    const found = await allActivities(server, organization.key, organization.id, 'externalId to contact { id }');
    expect(found.filter(({ externalId }) => externalId === id)).toEqual([{ externalId: id, to: group, contact: null }]);
    expect(
      await server.database.query('select kind, value from contact_identity where value = $1 or value like $2', [group, '%1202555016_']),
    ).toEqual([]);
  });

  it('what became of a payment waits for the message that asked for it, moves nothing, and makes no message', async () => {
    const id = wamid();
    const status = (fields: object) => notification(number, { statuses: [{ id, timestamp: '1795510205', ...fields }] });
    const payment = status({ from: '12025550147', type: 'payment', status: 'failed', payment: { reference_id: 'r1' } });
    await deliver(server, payment);
    expect(await deliveries(server, { states: ['UNMATCHED'] })).toHaveLength(1);
    expect(await activity(id)).toBeUndefined();
    await deliver(server, status({ status: 'delivered', recipient_id: '12025550147' }));
    await nothingWaits();
    await deliver(server, payment);
    expect(await activity(id)).toMatchObject({ status: 'DELIVERED', to: '+12025550147', revision: 2 });
  });

  it.each([
    ['before', [0, 1]],
    ['after', [1, 0]],
  ])('a message the owner wrote in the phone app is an echo, also where its status comes %s', async (_when, order) => {
    const id = wamid();
    const echo = { id, from: '12025550130', to: '12025550147', timestamp: '1795510200', type: 'text', text: { body: 'desde el móvil' } };
    const status = { id, status: 'delivered', timestamp: '1795510205', recipient_id: '12025550147' };
    const requests = [notification(number, { statuses: [status] }), notification(number, { message_echoes: [echo] }, 'smb_message_echoes')];
    for (const i of order) await deliver(server, requests[i]!);
    expect(await activity(id)).toMatchObject({
      origin: 'ECHO',
      direction: 'OUTBOUND',
      status: 'DELIVERED',
      body: 'desde el móvil',
      from: '+12025550130',
      to: '+12025550147',
    });
  });

  it('a person whose number became another is one contact, whenever that is told, repeated and at once', async () => {
    const digits = () => `346${String(randomBytes(4).readUInt32BE()).padStart(10, '0').slice(-8)}`;
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([0, 1, 2, 3, 0, 1, 2, 3], { minLength: 8 }),
        fc.integer({ min: 1, max: 8 }),
        async (order, width) => {
          const [before, after, userId] = [digits(), digits(), `US.${randomBytes(8).toString('hex')}`];
          const says = (from: string, more: object = {}) =>
            notification(number, {
              contacts: [{ profile: { name: 'Ana' }, wa_id: from }],
              messages: [{ id: wamid(), from, timestamp: '1795510200', type: 'text', text: { body: 'hola' }, ...more }],
            });
          const told = { body: 'changed', type: 'user_changed_number', wa_id: after, user_id: userId };
          const requests = [
            says(before),
            says(after),
            says(after, { from_user_id: userId }),
            notification(number, { messages: [{ from: before, id: wamid(), timestamp: '1795510300', type: 'system', system: told }] }),
          ];
          const all = order.map((i) => requests[i]!);
          await inParallel(all, width, async (request) => expect((await deliver(server, request)).status).toBe(200));
          const activities = await allActivities(
            server,
            organization.key,
            organization.id,
            'from contact { id identities { value } conversation { latest { id } } }',
          );
          const mine = activities.filter(({ from }) => from === `+${before}` || from === `+${after}`);
          expect(mine).toHaveLength(3);
          expect(new Set(mine.map(({ contact }) => contact.id)).size).toBe(1);
          expect(mine[0].contact.identities.map(({ value }: { value: string }) => value).sort()).toEqual(
            [`+${before}`, `+${after}`, userId].sort(),
          );
        },
      ),
      { numRuns: 10 },
    );
  });
});
