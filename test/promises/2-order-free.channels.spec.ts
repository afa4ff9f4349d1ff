import fc from 'fast-check';
import { rankOf } from '../../src/core/activities/status-rank.js';
import { LIVES, type Life, Names } from '../factories/lives.js';
import { META_SECRETS } from '../factories/meta.js';
import { createKey } from '../factories/organization.js';
import { makeKeys } from '../factories/sendgrid.js';
import { insertSentEmails } from '../factories/sent-email.js';
import { eventsOf, faults, headOf, NO_FAULTS, pulled } from '../support/feed-truth.js';
import { ask, deliveries } from '../support/graphql.js';
import { deliver, inParallel } from '../support/post.js';
import { rowsAndRebuilt } from '../support/rebuilt.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

const KEYS = makeKeys();
const RUNS = 6;

/** An organization to which a life is told. */
interface Telling {
  readonly organization: string;
  readonly key: string;
  readonly names: Names;
}

describe('Whatever the channel, shuffled, repeated and at once ends as told once and in order', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start({ env: { ...META_SECRETS, SENDGRID_WEBHOOK_KEY: KEYS.publicKey } });
  });
  afterAll(() => server.dispose());

  const begin = async (life: Life): Promise<Telling> => {
    const names = new Names();
    const { createOrganization } = await ask(server, server.adminKey, 'mutation { createOrganization(name: "of a life") { id } }');
    const organization: string = createOrganization.id;
    await ask(
      server,
      server.adminKey,
      'mutation($o: ID!, $c: Channel!, $a: String!, $p: Provider!) { createSender(organizationId: $o, channel: $c, address: $a, provider: $p) { id } }',
      { o: organization, c: life.channel, a: life.us(names), p: life.provider },
    );
    const given = life.given?.(names, organization);
    if (given) await insertSentEmails(server.database, given);
    return { organization, key: await createKey(server, organization), names };
  };

  /** Nothing waits for another, and what came with a delivery is stored: a file that would have to be fetched never will be, here. */
  const settled = async ({ organization }: Telling) => {
    await until(async () => !(await deliveries(server, { states: ['UNMATCHED', 'UNROUTED', 'PARTIAL', 'FAILED'] })).length);
    await until(
      async () =>
        !(
          await server.database.query('select id from attachment where organization_id = $1 and state = $2 and source_url is null', [
            organization,
            'PENDING',
          ])
        ).length,
    );
  };

  /** What there is of an organization, without the ids and times that are ours. */
  const remains = async ({ organization, names }: Telling) => {
    const sorted = (name: string, value: unknown) => (name === 'identities' && Array.isArray(value) ? value.sort() : value);
    const rows = async (query: string): Promise<unknown[]> => {
      const [found] = await server.database.query<{ rows: string | null }>(`select (${query})::text as rows`, [organization]);
      const parsed = JSON.parse(names.hidden(found!.rows ?? '[]'), sorted) as unknown[];
      return parsed
        .map((row) => JSON.stringify(row))
        .sort()
        .map((row) => JSON.parse(row) as unknown);
    };
    // A hash of what each telling calls otherwise.
    const unlessHash = (value: string) => `regexp_replace(${value}, '[0-9a-f]{64}$', '<hash>')`;
    const moment = (at: string, estimated: string) => `case when ${estimated} then null else ${at} end`;
    return {
      activities:
        await rows(`select json_agg(to_jsonb(a) - array['id', 'organization_id', 'contact_id', 'created_at', 'updated_at', 'created_seq', 'created_event_id', 'occurred_at', 'milestones', 'revision']
        || jsonb_build_object('reply_to', ${unlessHash('reply_to')}, 'occurred', ${moment('occurred_at', 'occurred_at_estimated')}, 'html', (select html from activity_html where activity_id = a.id),
          'milestones', (select jsonb_object_agg(key, case when value ->> 1 = '1' then null else value -> 0 end) from jsonb_each(milestones) where key <> all(select status from event where activity_id = a.id and key = 'api/sent')),
          'identities', (select json_agg(kind || ' ' || value) from contact_identity where contact_id = a.contact_id)))
        from activity as a where organization_id = $1`),
      events:
        await rows(`select json_agg(json_build_object('of', a.external_id, 'to', a."to", 'key', e.key, 'status', e.status, 'error', e.error, 'metadata', e.metadata - 'attachmentId',
          'occurred', ${moment('e.occurred_at', 'e.occurred_at_estimated')}))
        from event as e join activity as a on a.id = e.activity_id where e.organization_id = $1 and e.key <> 'api/sent'`),
      contacts:
        await rows(`select json_agg(json_build_object('name', coalesce(name, profile_name), 'activities', (select count(*) from activity where contact_id = c.id),
          'identities', (select json_agg(kind || ' ' || value) from contact_identity where contact_id = c.id)))
        from contact as c where organization_id = $1 and merged_into_id is null`),
      references: await rows(
        `select json_agg(json_build_object('value', ${unlessHash('value')}, 'of', (select external_id from activity where id = activity_id))) from reference where organization_id = $1`,
      ),
      attachments:
        await rows(`select json_agg(to_jsonb(x) - array['id', 'organization_id', 'activity_id', 'delivery_id', 'created_at'] || jsonb_build_object('of', a.external_id))
        from attachment as x join activity as a on a.id = x.activity_id where x.organization_id = $1`),
      consents: await rows(
        `select json_agg(json_build_object('sender', sender, 'opted_out', opted_out)) from consent where organization_id = $1`,
      ),
    };
  };

  /** The feed tells each event once, by numbers without a gap, and the activities are the merge of what it tells. */
  const isWhole = async ({ organization, key }: Telling) => {
    const truth = await eventsOf(server, organization);
    expect(truth.map(({ seq }) => seq)).toEqual(truth.map((_, i) => i + 1));
    expect(truth).toHaveLength(await headOf(server, organization));
    const told = await server.database.query<{ key: string; n: number }>(
      'select activity_id || $2 || key as key, count(*)::int as n from event where organization_id = $1 and activity_id is not null group by 1',
      [organization, ' '],
    );
    expect(told.filter(({ n }) => n > 1)).toEqual([]);
    const ofActivities = new Set(
      (
        await server.database.query<{ seq: string }>('select seq::text from event where organization_id = $1 and activity_id is not null', [
          organization,
        ])
      ).map(({ seq }) => Number(seq)),
    );
    const shown = truth.filter(({ seq }) => ofActivities.has(seq)).map((event) => event.key);
    expect(faults(await pulled(server, key, organization, null), shown)).toEqual(NO_FAULTS);
    const merged = await server.database.query<{
      channel: 'SMS';
      status: 'SENT';
      revision: number;
      milestones: object;
      statuses: 'SENT'[];
      events: number;
      created: number;
    }>(
      `select a.channel, a.status, a.revision, a.milestones, array_agg(distinct e.status) filter (where e.status is not null) as statuses, count(*)::int as events,
         (count(*) filter (where e.kind = 'CREATED'))::int as created
       from activity as a join event as e on e.activity_id = a.id where a.organization_id = $1 group by a.id`,
      [organization],
    );
    for (const { channel, status, revision, milestones, statuses, events, created } of merged) {
      expect([revision, created, Object.keys(milestones).sort()]).toEqual([events, 1, [...statuses].sort()]);
      expect(rankOf(channel, status)).toBe(Math.max(...statuses.map((reached) => rankOf(channel, reached))));
    }
  };

  it.each(LIVES)('%s', async (_name, life) => {
    const count = life.tell(new Names(), { server, sendGrid: KEYS }).length;
    const twice = Array.from({ length: 2 * count }, (_, i) => i % count);
    const natural = await begin(life);
    for (const request of life.tell(natural.names, { server, sendGrid: KEYS }))
      expect((await deliver(server, request)).status).toBeLessThan(300);
    await settled(natural);
    await isWhole(natural);
    const expected = await remains(natural);
    expect(expected.activities.length).toBeGreaterThan(2);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(twice, { minLength: twice.length }), fc.integer({ min: 2, max: 12 }), async (order, width) => {
        const shuffled = await begin(life);
        const requests = life.tell(shuffled.names, { server, sendGrid: KEYS });
        await inParallel(order, width, async (i) => expect((await deliver(server, requests[i]!)).status).toBeLessThan(300));
        await settled(shuffled);
        expect(await remains(shuffled)).toEqual(expected);
        await isWhole(shuffled);
      }),
      { numRuns: RUNS },
    );
  });

  it('each activity is what all its events come to, merged in any order', async () => {
    const { rows, rebuilt } = await rowsAndRebuilt(server);
    expect(rows.length).toBeGreaterThan(20);
    expect(rebuilt).toEqual(rows);
  });
});
