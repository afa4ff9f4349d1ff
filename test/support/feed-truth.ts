import { type FeedClient, type FeedField } from './feed-client.js';
import { ask } from './graphql.js';
import { type TestServer } from './server.js';

/** One thing a feed tells: which activity was created, or which event updated one. */
type Key = string;

/** The events of an organization in the order of their seq, as the database has them: the truth that every telling is held against. */
export async function eventsOf(
  server: TestServer,
  organizationId: string,
  afterSeq = 0,
): Promise<{ seq: number; key: Key; created: boolean }[]> {
  const rows = await server.database.query<{ seq: string; id: string; activity_id: string; kind: string }>(
    'select seq::text, id, activity_id, kind from event where organization_id = $1 and seq > $2 order by event.seq',
    [organizationId, afterSeq],
  );
  return rows.map((row) => {
    const created = row.kind === 'CREATED';
    return { seq: Number(row.seq), created, key: created ? `created ${row.activity_id}` : `updated ${row.id}` };
  });
}

/** What a subscriber of that field must be told, in order. */
export async function truthFor(field: FeedField, server: TestServer, organizationId: string, afterSeq = 0): Promise<Key[]> {
  const events = await eventsOf(server, organizationId, afterSeq);
  return events.filter((event) => field === 'activityFeed' || event.created === (field === 'activityCreated')).map((event) => event.key);
}

/** What a subscriber was told, in order. */
export function toldTo(client: FeedClient): Key[] {
  return client.items.map((item) => {
    if (client.field === 'activityCreated') return `created ${item.id}`;
    return client.field === 'activityFeed' && item.kind === 'CREATED' ? `created ${item.activity.id}` : `updated ${item.event.id}`;
  });
}

/** The feed by pulling, page by page, from a cursor on. */
export async function pulled(server: TestServer, key: string, organizationId: string, after: string | null, first = 100): Promise<Key[]> {
  const all: Key[] = [];
  for (;;) {
    const { feed } = await ask(
      server,
      key,
      'query($o: ID!, $a: Cursor, $n: Int) { feed(organizationId: $o, after: $a, first: $n) { cursor hasMore items { kind activity { id } event { id } } } }',
      { o: organizationId, a: after, n: first },
    );
    for (const { kind, activity, event } of feed.items) all.push(kind === 'CREATED' ? `created ${activity.id}` : `updated ${event.id}`);
    if (!feed.hasMore) return all;
    after = feed.cursor;
  }
}

/** Where the feed stands: what a list answers with. */
export async function feedCursor(server: TestServer, key: string, organizationId: string): Promise<string> {
  const { activities } = await ask(server, key, 'query($o: ID!) { activities(organizationId: $o, first: 1) { feedCursor } }', {
    o: organizationId,
  });
  return activities.feedCursor;
}

/** The newest number given. */
export async function headOf(server: TestServer, organizationId: string): Promise<number> {
  const [row] = await server.database.query<{ seq: string }>('select seq::text from feed_head where organization_id = $1', [
    organizationId,
  ]);
  return Number(row!.seq);
}

/** Where a telling leaves the truth: what is missing, what came twice, and the first place out of order. All empty: it does not. */
export function faults(told: readonly Key[], truth: readonly Key[]) {
  const [known, right] = [new Set(told), new Set(truth)];
  return {
    missing: truth.filter((key) => !known.has(key)).length,
    twice: told.length - known.size,
    strange: told.filter((key) => !right.has(key)).length,
    outOfOrderAt: told.length === truth.length ? told.findIndex((key, i) => key !== truth[i]) : -1,
  };
}

export const NO_FAULTS = { missing: 0, twice: 0, strange: 0, outOfOrderAt: -1 };
