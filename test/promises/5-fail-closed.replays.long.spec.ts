import { createOrganization } from '../factories/organization.js';
import { inboundSms } from '../factories/twilio.js';
import { ask, gql } from '../support/graphql.js';
import { inParallel, post } from '../support/post.js';
import { ServerProcess } from '../support/server-process.js';

const SHOW = 'query($n: Int) { deliveries(first: $n, filter: { providers: [META] }) { edges { node { bodyBase64 } } } }';
const REPLAY = 'mutation($f: DeliveryFilter!) { replayDeliveries(filter: $f) }';

describe('Promise 5, much run through again', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.start();
  });
  afterAll(() => server.dispose());

  it('deliveries that are too large to be read together are run, and shown by fewer at once', async () => {
    const { number } = await createOrganization(server);
    await inParallel(Array.from({ length: 12 }), 4, () => post(server, inboundSms(server, { to: number })));
    // Twelve mails' worth of bytes that are no form, among small ones.
    await server.database.query(
      `insert into delivery (id, channel, provider, url, received_at, state, problems, headers, body, activity_ids, waits_for)
       select gen_random_uuid(), 'WHATSAPP', 'META', url, received_at, 'FAILED', '[]', '{}', convert_to(repeat('x', 6 << 20), 'UTF8'), '{}', '{}'
       from delivery where state = 'PROCESSED'`,
    );
    expect((await gql(server, server.adminKey, SHOW, { n: 50 })).code).toBe('QUERY_TOO_COMPLEX');
    const { deliveries: some } = await ask(server, server.adminKey, SHOW, { n: 2 });
    expect(some.edges.map(({ node }: { node: { bodyBase64: string } }) => node.bodyBase64.length)).toEqual([8 << 20, 8 << 20]);
    expect(await ask(server, server.adminKey, REPLAY, { f: { providers: ['META'] } })).toEqual({ replayDeliveries: 12 });
  });
});
