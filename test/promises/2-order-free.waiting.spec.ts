import { createOrganization, type TestOrganization } from '../factories/organization.js';
import { form, inboundSms, sid, smsStatus } from '../factories/twilio.js';
import { allActivities, ask, deliveries } from '../support/graphql.js';
import { inParallel, post } from '../support/post.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

describe('Promise 2, where a status cannot say whose it is', () => {
  let server: TestServer;
  let organization: TestOrganization;
  beforeAll(async () => {
    server = await TestServer.start();
    organization = await createOrganization(server);
  });
  afterAll(() => server.dispose());

  /** A status callback of a messaging service that has not chosen a sender: it names no address of ours. */
  const accepted = (id: string, service?: string) =>
    form(server, {
      MessageSid: id,
      SmsSid: id,
      AccountSid: server.accountSid,
      MessageStatus: 'accepted',
      SmsStatus: 'accepted',
      To: '+34600111222',
      ...(service && { MessagingServiceSid: service }),
    });
  const statusesOf = async (id: string) => {
    const all = await allActivities(server, organization.key, organization.id, 'externalId status milestones { status }');
    const one = all.find((activity) => activity.externalId === id);
    return one && { status: one.status, reached: one.milestones.map((m: { status: string }) => m.status).sort() };
  };

  it.each([
    ['UNMATCHED', undefined],
    ['UNROUTED', sid('MG', 'nobody’s')],
  ])('it waits as %s, and is recorded when its message is', async (state, service) => {
    const id = sid('SM');
    expect((await post(server, accepted(id, service))).status).toBe(204);
    expect((await deliveries(server, { states: [state] })).some((delivery) => delivery.bodyText.includes(id))).toBe(true);
    expect((await post(server, smsStatus(server, { sid: id, status: 'sent', from: organization.number }))).status).toBe(204);
    await until(async () => (await statusesOf(id))?.reached.length === 2, { what: 'the status that waited' });
    expect(await statusesOf(id)).toEqual({ status: 'SENT', reached: ['QUEUED', 'SENT'] });
    expect((await deliveries(server, { states: [state] })).some((delivery) => delivery.bodyText.includes(id))).toBe(false);
  });

  it('it is recorded too where both are said at once', async () => {
    const ids = Array.from({ length: 40 }, () => sid('SM'));
    const requests = ids.flatMap((id) => [accepted(id), smsStatus(server, { sid: id, status: 'sent', from: organization.number })]);
    await inParallel(requests, 40, async (request) => expect((await post(server, request)).status).toBe(204));
    for (const id of ids) await until(async () => (await statusesOf(id))?.reached.length === 2, { what: `both statuses of ${id}` });
  });

  it('a message is not taken for another organization’s because they share a messaging service', async () => {
    const service = sid('MG', 'shared');
    const [first, second, third] = [await createOrganization(server), await createOrganization(server), await createOrganization(server)];
    const claim = { o: first.id, a: service };
    await ask(
      server,
      server.adminKey,
      'mutation($o: ID!, $a: String!) { createSender(organizationId: $o, channel: SMS, address: $a) { id } }',
      claim,
    );
    for (const to of [second, third]) {
      const parameters = new URLSearchParams(inboundSms(server, { to: to.number, body: to.id }).body!.toString());
      const request = form(server, { ...Object.fromEntries(parameters), MessagingServiceSid: service });
      expect((await post(server, request)).status).toBe(200);
    }
    const bodies = async ({ id, key }: TestOrganization) => (await allActivities(server, key, id, 'body')).map((activity) => activity.body);
    expect([await bodies(first), await bodies(second), await bodies(third)]).toEqual([[], [second.id], [third.id]]);
  });
});
