import { Prisma } from '../../generated/prisma/client.js';
import { type VerifiedDelivery } from '../adapters/delivery.js';
import { type DeliveryVerdict } from './delivery-state.js';

export interface JudgedDelivery {
  readonly delivery: VerifiedDelivery;
  readonly verdict: DeliveryVerdict;
}

/** Deliveries as they came, with what became of them; a replayed one keeps its bytes and gets a new verdict (once processed it stays so). */
export function writeDeliveries(judged: readonly JudgedDelivery[]): Prisma.Sql {
  // All bodies as one value, of which each row takes its part: as JSON, a batch would be written, read and unescaped once more.
  const bodies: Buffer[] = [];
  let start = 1;
  const rows = judged.map(({ delivery, verdict }) => {
    const kept = !verdict.erased;
    const body = kept ? delivery.body : Buffer.alloc(0);
    const part = { start, length: body.length };
    bodies.push(body);
    start += body.length;
    return {
      id: delivery.id,
      channel: delivery.channel,
      provider: delivery.provider,
      accountId: delivery.accountId,
      servesOnly: delivery.servesOnly,
      url: kept ? delivery.url : delivery.url.split('?', 1)[0],
      receivedAt: delivery.receivedAt,
      headers: kept ? delivery.headers : {},
      ...part,
      state: verdict.state,
      error: verdict.error ?? undefined,
      problems: unlessEmpty(verdict.problems),
      activityIds: unlessEmpty(verdict.activityIds),
      waitsFor: unlessEmpty(verdict.waitsFor),
      erasedAt: kept ? undefined : delivery.receivedAt,
    };
  });
  return Prisma.sql`
    insert into delivery (id, channel, provider, account_id, serves_only, url, received_at, state, error, problems, headers, body, activity_ids, waits_for, erased_at)
    select id, channel, provider, "accountId", "servesOnly", url, "receivedAt", state, error, coalesce(problems, '[]'), headers,
      substr(${Buffer.concat(bodies)}::bytea, start, length), coalesce("activityIds", '{}'), coalesce("waitsFor", '{}'), "erasedAt"
    from json_to_recordset(${JSON.stringify(rows)}::json) as x(
      id uuid, channel text, provider text, "accountId" text, "servesOnly" text, url text, "receivedAt" timestamptz, state text, error text, problems jsonb, headers jsonb,
      start integer, length integer, "activityIds" uuid[], "waitsFor" text[], "erasedAt" timestamptz)
    on conflict (id) do update set state = excluded.state, error = excluded.error, problems = excluded.problems, activity_ids = excluded.activity_ids,
      waits_for = excluded.waits_for
    where delivery.state <> 'PROCESSED'`;
}

function unlessEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length ? list : undefined;
}
