import { Prisma } from '../../generated/prisma/client.js';
import { type VerifiedDelivery } from '../adapters/delivery.js';
import { type DeliveryVerdict } from './delivery-state.js';

export interface JudgedDelivery {
  readonly delivery: VerifiedDelivery;
  readonly verdict: DeliveryVerdict;
}

/** Deliveries as they came, with what became of them; a replayed one keeps its bytes and gets a new verdict (once processed it stays so). */
export function writeDeliveries(judged: readonly JudgedDelivery[]): Prisma.Sql {
  const rows = judged.map(({ delivery, verdict }) => ({
    id: delivery.id,
    channel: delivery.channel,
    provider: delivery.provider,
    accountId: delivery.accountId,
    url: delivery.url,
    receivedAt: delivery.receivedAt,
    headers: delivery.headers,
    body: delivery.body.toString('base64'),
    ...verdict,
  }));
  return Prisma.sql`
    insert into delivery (id, channel, provider, account_id, url, received_at, state, error, problems, headers, body, activity_ids, waits_for)
    select id, channel, provider, "accountId", url, "receivedAt", state, error, problems, headers, decode(body, 'base64'), "activityIds", "waitsFor"
    from json_to_recordset(${JSON.stringify(rows)}::json) as x(
      id uuid, channel text, provider text, "accountId" text, url text, "receivedAt" timestamptz, state text, error text, problems jsonb, headers jsonb,
      body text, "activityIds" uuid[], "waitsFor" text[])
    on conflict (id) do update set state = excluded.state, error = excluded.error, problems = excluded.problems, activity_ids = excluded.activity_ids,
      waits_for = excluded.waits_for
    where delivery.state <> 'PROCESSED'`;
}
