import { randomUUID } from 'node:crypto';
import { type ActivityStatus } from '../../src/core/adapters/activity-status.js';
import { type Channel, type Provider } from '../../src/core/adapters/channel.js';
import { rankOf } from '../../src/core/activities/status-rank.js';
import { type TestDatabase } from '../support/database.js';

/** An activity that we brought about. */
export interface OwnActivity {
  readonly id: string;
  readonly organization: string;
  readonly channel: Channel;
  readonly provider: Provider;
  readonly status: ActivityStatus;
  readonly from: string;
  readonly to: string;
  /** What the provider calls it; null until it answered. */
  readonly externalId: string | null;
  /** What the directory knows it by, in that account of the provider. */
  readonly reference?: string;
  readonly accountId?: string;
}

/** Activities as a send leaves them. Written as rows, because it is what webhooks make of them that is tested. */
export async function insertOwnActivities(database: TestDatabase, activities: readonly OwnActivity[]): Promise<void> {
  const rows = activities.map(({ accountId = '', ...activity }) => {
    const key = `api/${activity.status.toLowerCase()}`;
    const order = `${String(rankOf(activity.channel, activity.status)).padStart(2, '0')}  ${key}`;
    return { ...activity, accountId, key, order, eventId: randomUUID() };
  });
  await database.query(
    `with rows as (
       select x.*, head.seq + row_number() over (partition by organization order by x.id) as seq
       from json_to_recordset($1::json) as x(id uuid, organization text, channel text, provider text, status text, "externalId" text, "from" text, "to" text,
         reference text, "accountId" text, key text, "order" text, "eventId" uuid)
       join feed_head as head on head.organization_id = organization
     ), activities as (
       insert into activity (id, organization_id, channel, provider, external_id, direction, status, revision, origin, "from", "to", subject, body, milestones, metadata,
         provenance, occurred_at, occurred_at_estimated, created_at, updated_at, created_seq, created_event_id)
       select id, organization, channel, provider, "externalId", 'OUTBOUND', status, 1, 'API', "from", "to", case channel when 'EMAIL' then 'given' end, 'given',
         jsonb_build_object(status, jsonb_build_array((extract(epoch from now()) * 1000)::bigint, 0)), '{}', json_build_object('orders', json_build_array("order"), 'fields', '{}'::json),
         now(), false, now(), now(), seq, "eventId" from rows
     ), events as (
       insert into event (organization_id, seq, id, activity_id, channel, key, kind, status, occurred_at, occurred_at_estimated, received_at, metadata)
       select organization, seq, "eventId", id, channel, key, 'CREATED', status, now(), false, now(), '{}' from rows
     ), refs as (
       insert into reference (provider, account_id, value, organization_id, activity_id)
       select provider, "accountId", reference, organization, id from rows where reference is not null
     )
     update feed_head set seq = last from (select organization, max(seq) as last from rows group by organization) as taken where organization_id = organization`,
    [JSON.stringify(rows)],
  );
}
