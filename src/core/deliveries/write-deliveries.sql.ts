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
    url: verdict.erased ? delivery.url.split('?', 1)[0] : delivery.url,
    receivedAt: delivery.receivedAt,
    ...(verdict.erased
      ? { headers: {}, text: '', erasedAt: delivery.receivedAt }
      : { headers: delivery.headers, ...bodyOf(delivery.body) }),
    state: verdict.state,
    error: verdict.error ?? undefined,
    problems: unlessEmpty(verdict.problems),
    activityIds: unlessEmpty(verdict.activityIds),
    waitsFor: unlessEmpty(verdict.waitsFor),
  }));
  return Prisma.sql`
    insert into delivery (id, channel, provider, account_id, serves_only, url, received_at, state, error, problems, headers, body, activity_ids, waits_for, erased_at)
    select id, channel, provider, "accountId", "servesOnly", url, "receivedAt", state, error, coalesce(problems, '[]'), headers,
      coalesce(convert_to(text, 'UTF8'), decode(bytes, 'base64')), coalesce("activityIds", '{}'), coalesce("waitsFor", '{}'), "erasedAt"
    from json_to_recordset(${JSON.stringify(rows)}::json) as x(
      id uuid, channel text, provider text, "accountId" text, "servesOnly" text, url text, "receivedAt" timestamptz, state text, error text, problems jsonb, headers jsonb,
      text text, bytes text, "activityIds" uuid[], "waitsFor" text[], "erasedAt" timestamptz)
    on conflict (id) do update set state = excluded.state, error = excluded.error, problems = excluded.problems, activity_ids = excluded.activity_ids,
      waits_for = excluded.waits_for
    where delivery.state <> 'PROCESSED'`;
}

/**
 * Takes the bytes and headers away from what names somebody who was erased: what told of these activities, and what was kept without
 * telling of any and has one of the addresses in it, as it is or as a form or a URL writes it.
 */
export function eraseDeliveries(activityIds: readonly string[], addresses: readonly string[], now: Date): Prisma.Sql {
  const needles = [...new Set(addresses.flatMap((address) => [address.replace(/^\+/, ''), encodeURIComponent(address)]))].filter(
    ({ length }) => length >= SHORTEST_NEEDLE,
  );
  return Prisma.sql`
    update delivery set body = ''::bytea, headers = '{}', problems = '[]', waits_for = '{}', url = split_part(url, '?', 1), erased_at = ${now.toISOString()}::timestamptz
    where erased_at is null and (activity_ids && ${[...activityIds]}::uuid[] or (cardinality(activity_ids) = 0 and state <> 'REJECTED'
      and exists (select 1 from unnest(${needles}::text[]) as needle where position(convert_to(needle, 'UTF8') in body) > 0)))`;
}

/** A short code says nothing of whom a body names. */
const SHORTEST_NEEDLE = 7;

/** Nearly every body is text, and so goes as it is; a text cannot hold U+0000. */
function bodyOf(body: Buffer): { text: string } | { bytes: string } {
  return isUtf8(body) && !body.includes(0) ? { text: body.toString('utf8') } : { bytes: body.toString('base64') };
}

function unlessEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length ? list : undefined;
}
