import { Prisma } from '../../generated/prisma/client.js';
import { rowsOf } from '../../platform/database/rows.sql.js';
import { type VerifiedDelivery } from '../adapters/delivery.js';
import { type DeliveryVerdict } from './delivery-state.js';

/** Where a row's bytes are in those of all. */
interface Part {
  readonly start: number;
  readonly length: number;
}

export interface JudgedDelivery {
  readonly delivery: VerifiedDelivery;
  readonly verdict: DeliveryVerdict;
}

const NOTHING = Buffer.alloc(0);

/** Of one that names somebody who was erased neither bytes nor headers are kept, nor what its address says after the path. */
const deliveryRows = rowsOf<JudgedDelivery & Part>({
  id: ['uuid', ({ delivery }) => delivery.id],
  channel: ['text', ({ delivery }) => delivery.channel],
  provider: ['text', ({ delivery }) => delivery.provider],
  accountId: ['text', ({ delivery }) => delivery.accountId],
  servesOnly: ['text', ({ delivery }) => delivery.servesOnly],
  url: ['text', ({ delivery, verdict }) => (verdict.erased ? delivery.url.split('?', 1)[0] : delivery.url)],
  receivedAt: ['timestamptz', ({ delivery }) => delivery.receivedAt],
  state: ['text', ({ verdict }) => verdict.state],
  error: ['text', ({ verdict }) => verdict.error],
  problems: ['jsonb', ({ verdict }) => verdict.problems],
  headers: ['jsonb', ({ delivery, verdict }) => (verdict.erased ? {} : delivery.headers)],
  start: ['integer', ({ start }) => start],
  length: ['integer', ({ length }) => length],
  activityIds: ['uuid[]', ({ verdict }) => verdict.activityIds],
  waitsFor: ['text[]', ({ verdict }) => verdict.waitsFor],
  erasedAt: ['timestamptz', ({ delivery, verdict }) => (verdict.erased ? delivery.receivedAt : null)],
});

/** Deliveries as they came, with what became of them; a replayed one keeps its bytes and gets a new verdict (once processed it stays so). */
export function writeDeliveries(judged: readonly JudgedDelivery[]): Prisma.Sql {
  // Looking for a row of that id first costs the rest, whose ids were made with them, a twentieth of the statement.
  const replayed = judged.some(({ delivery }) => delivery.kept) ? REPLAYED : Prisma.empty;
  // All bodies as one value, of which each row takes its part: a column of them would go through a temporary file where they are large.
  const bodies: Buffer[] = [];
  let start = 1;
  const rows = judged.map((one) => {
    const body = one.verdict.erased ? NOTHING : one.delivery.body;
    bodies.push(body);
    const row = { ...one, start, length: body.length };
    start += body.length;
    return row;
  });
  return Prisma.sql`
    insert into delivery (id, channel, provider, account_id, serves_only, url, received_at, state, error, problems, headers, body, activity_ids, waits_for, erased_at)
    select id, channel, provider, "accountId", "servesOnly", url, "receivedAt", state, error, problems, headers,
      substr(${Buffer.concat(bodies)}::bytea, start, length), "activityIds", "waitsFor", "erasedAt"
    from ${deliveryRows(rows)} as x ${replayed}`;
}

const REPLAYED = Prisma.sql`
    on conflict (id) do update set state = excluded.state, error = excluded.error, problems = excluded.problems, activity_ids = excluded.activity_ids,
      waits_for = excluded.waits_for
    where delivery.state <> 'PROCESSED'`;
