import { type ActivityRow } from '../../src/core/activities/activity-row.js';
import { merge, mergedOf } from '../../src/core/activities/merged.js';
import { type DraftEvent, type JsonObject } from '../../src/core/adapters/activity-draft.js';
import { type TestServer } from './server.js';

interface EventRow {
  readonly channel: ActivityRow['channel'];
  readonly key: string;
  readonly kind: DraftEvent['kind'] | 'CREATED';
  readonly status: DraftEvent['status'];
  readonly occurred_at: Date;
  readonly occurred_at_estimated: boolean;
  readonly received_at: Date;
  readonly error: DraftEvent['error'];
  readonly metadata: JsonObject;
}

type Told = Pick<ActivityRow, 'id' | 'status' | 'error' | 'milestones' | 'durationSeconds' | 'occurredAt' | 'occurredAtEstimated'>;

const ACTIVITIES = `
  select id, status, error, milestones, duration_seconds as "durationSeconds", occurred_at, occurred_at_estimated as "occurredAtEstimated" from activity
  where milestones <> '{}' order by id`;
/** In no order that anything was told in; what we did to an activity ourselves is among them, and must not show. */
const EVENTS = 'select * from event where activity_id = $1 order by md5(id::text)';

/** All activities as their rows have them, and as they come out of all their events: of what an event keeps they must be the same. */
export async function rowsAndRebuilt({
  database,
}: TestServer): Promise<{ readonly rows: readonly Told[]; readonly rebuilt: readonly Told[] }> {
  const found = await database.query<Told & { occurred_at: Date }>(ACTIVITIES);
  const rows = found.map(({ occurred_at, ...row }) => ({ ...row, occurredAt: occurred_at.toISOString() }));
  const rebuilt: Told[] = [];
  for (const { id, durationSeconds } of rows) {
    const events = await database.query<EventRow>(EVENTS, [id]);
    const { status, error, milestones, occurred } = events.map((event) => alone(event, durationSeconds)).reduce(merge);
    const [at, estimated] = occurred;
    const occurredAt = new Date(at).toISOString();
    rebuilt.push({ id, status: status!, error, milestones, durationSeconds, occurredAt, occurredAtEstimated: estimated === 1 });
  }
  return { rows, rebuilt };
}

/** How long a call was no event keeps: the row says it. */
function alone(row: EventRow, durationSeconds: number | null) {
  const { key, status, error, metadata } = row;
  const event: DraftEvent = {
    key,
    kind: row.kind === 'CREATED' ? 'STATUS' : row.kind,
    status,
    occurredAt: row.occurred_at_estimated ? null : row.occurred_at,
    error,
    metadata,
  };
  return mergedOf(
    { channel: row.channel, event, facts: status === 'COMPLETED' && durationSeconds !== null ? { durationSeconds } : {} },
    row.received_at,
  );
}
