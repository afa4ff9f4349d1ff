import { type TestOrganization } from '../factories/organization.js';
import { form, SMS_PATH } from '../factories/twilio.js';
import { deliver } from '../support/post.js';
import { person, Recovery } from '../support/recovery.js';

/** The request is taken, and its answer lost. */
const LOST = { kind: 'RESET', provider: 'TWILIO', method: 'POST' } as const;

describe('The provider’s list tells what became of a send, and is no second one', () => {
  let world: Recovery;
  let norte: TestOrganization;
  beforeAll(async () => {
    world = await Recovery.start();
    norte = await world.organization('norte');
  });
  afterEach(() => {
    world.standIn.behave();
    world.standIn.configure({ listDelayMs: 0 });
  });
  afterAll(() => world.stop());

  const of = async (to: string) => (await world.all(norte)).filter((activity) => activity.to === to);
  /** Sends whose answers are lost, and that the list does not have yet. */
  async function lose(messages: readonly { to: string; body: string; metadata?: object }[]): Promise<string[]> {
    world.standIn.configure({ listDelayMs: 3_600_000 });
    world.standIn.misbehave({ ...LOST, times: messages.length });
    const ids: string[] = [];
    for (const message of messages) ids.push(await world.sendSms(norte, message));
    for (const id of ids) await world.reaches(norte, id, 'UNKNOWN');
    return ids;
  }

  it('a send whose answer was lost is resolved to its activity, once it is listed', async () => {
    const to = person();
    // Of a call it would be whom it rings first.
    const [id] = await lose([{ to, body: 'hola', metadata: { agent: '+34600111222' } }]);
    await world.compared(norte);
    expect(await of(to)).toMatchObject([{ id, status: 'UNKNOWN', externalId: null }]);
    world.standIn.configure({ listDelayMs: 0 });
    await world.reaches(norte, id!, 'DELIVERED');
    await world.compared(norte);
    const accepted = world.standIn.accepted.filter((item) => item.to === to);
    expect(accepted).toHaveLength(1);
    expect(await of(to)).toMatchObject([{ id, status: 'DELIVERED', origin: 'API', externalId: accepted[0]!.id, body: 'hola' }]);
    const statuses = (await of(to))[0].milestones.map(({ status }: { status: string }) => status);
    expect(statuses.sort()).toEqual(['DELIVERED', 'QUEUED', 'SENDING', 'SENT', 'UNKNOWN']);
  });

  it('two to one person with different texts are each resolved to their own', async () => {
    const to = person();
    const ids = await lose([
      { to, body: 'uno' },
      { to, body: 'dos' },
    ]);
    world.standIn.configure({ listDelayMs: 0 });
    for (const id of ids) await world.reaches(norte, id, 'DELIVERED');
    for (const activity of await of(to)) {
      const listed = world.standIn.accepted.find((item) => item.id === activity.externalId);
      expect(listed?.text).toBe(activity.body);
    }
    expect(await of(to)).toHaveLength(2);
  });

  it('two that are alike stay unknown, until a callback tells one from the other', async () => {
    const to = person();
    const ids = await lose([
      { to, body: 'igual' },
      { to, body: 'igual' },
    ]);
    world.standIn.configure({ listDelayMs: 0 });
    await world.compared(norte);
    await world.compared(norte);
    expect((await of(to)).map(({ status, externalId }) => [status, externalId])).toEqual([
      ['UNKNOWN', null],
      ['UNKNOWN', null],
    ]);
    const [first, second] = world.standIn.accepted.filter((item) => item.to === to);
    const parameters = { MessageSid: first!.id, AccountSid: world.server.accountSid, MessageStatus: 'sent', From: norte.number, To: to };
    await deliver(world.server, form(world.server, parameters, `${SMS_PATH}?centralita_activity=${ids[0]}`));
    for (const id of ids) await world.reaches(norte, id, 'DELIVERED');
    expect((await of(to)).map(({ id, externalId }) => [id, externalId]).sort()).toEqual(
      [
        [ids[0], first!.id],
        [ids[1], second!.id],
      ].sort(),
    );
  });

  it('a send under way is left alone', async () => {
    const to = person();
    world.standIn.misbehave({ kind: 'DELAY', provider: 'TWILIO', ms: 4_000 });
    const id = await world.sendSms(norte, { to, body: 'hola' });
    await world.compared(norte);
    expect(await of(to)).toMatchObject([{ id, status: 'SENDING', externalId: null }]);
    await world.reaches(norte, id, 'DELIVERED');
    await world.compared(norte);
    expect(await of(to)).toHaveLength(1);
  });

  it.each<[string, { agent?: string; say?: string; metadata?: object }]>([
    ['by an agent', { agent: person() }],
    ['whose sender calls something else so', { say: 'Hola', metadata: { agent: person() } }],
  ])('a call %s whose answer was lost is resolved when it is over', async (_name, input) => {
    const [to, agent] = [person(), input.agent];
    world.standIn.misbehave(LOST);
    const id = await world.placeCall(norte, { to, ...input });
    await world.reaches(norte, id, 'COMPLETED');
    await world.compared(norte);
    expect((await world.all(norte)).filter((call) => [to, agent].includes(call.to as string))).toMatchObject([
      { id, to, durationSeconds: 1 },
    ]);
  });

  it('what somebody else sent from our number by the same account is an activity of its own', async () => {
    const to = person();
    const url = `${world.standIn.url}/2010-04-01/Accounts/${world.server.accountSid}/Messages.json`;
    const authorization = `Basic ${Buffer.from(`${world.server.accountSid}:${world.server.authToken}`).toString('base64')}`;
    const body = new URLSearchParams({ From: norte.number, To: to, Body: 'from another system' });
    expect((await fetch(url, { method: 'POST', headers: { authorization }, body })).status).toBe(201);
    await world.compared(norte);
    const [activity] = await of(to);
    expect(activity).toMatchObject({ origin: 'RECONCILE', direction: 'OUTBOUND', status: 'DELIVERED', body: 'from another system' });
    expect(activity.milestones.map(({ status }: { status: string }) => status).sort()).toEqual(['DELIVERED', 'SENT']);
  });
});
