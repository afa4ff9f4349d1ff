import { isUtf8 } from 'node:buffer';
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
    servesOnly: delivery.servesOnly,
    url: delivery.url,
    receivedAt: delivery.receivedAt,
    headers: delivery.headers,
    ...bodyOf(delivery.body),
    state: verdict.state,
    error: verdict.error ?? undefined,
    problems: unlessEmpty(verdict.problems),
    activityIds: unlessEmpty(verdict.activityIds),
    waitsFor: unlessEmpty(verdict.waitsFor),
  }));
  return Prisma.sql`
    insert into delivery (id, channel, provider, account_id, serves_only, url, received_at, state, error, problems, headers, body, activity_ids, waits_for)
    select id, channel, provider, "accountId", "servesOnly", url, "receivedAt", state, error, coalesce(problems, '[]'), headers,
      coalesce(convert_to(text, 'UTF8'), decode(bytes, 'base64')), coalesce("activityIds", '{}'), coalesce("waitsFor", '{}')
    from json_to_recordset(${JSON.stringify(rows)}::json) as x(
      id uuid, channel text, provider text, "accountId" text, "servesOnly" text, url text, "receivedAt" timestamptz, state text, error text, problems jsonb, headers jsonb,
      text text, bytes text, "activityIds" uuid[], "waitsFor" text[])
    on conflict (id) do update set state = excluded.state, error = excluded.error, problems = excluded.problems, activity_ids = excluded.activity_ids,
      waits_for = excluded.waits_for
    where delivery.state <> 'PROCESSED'`;
}

/** Nearly every body is text, and so goes as it is; a text cannot hold U+0000. */
function bodyOf(body: Buffer): { text: string } | { bytes: string } {
  return isUtf8(body) && !body.includes(0) ? { text: body.toString('utf8') } : { bytes: body.toString('base64') };
}

function unlessEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length ? list : undefined;
}
