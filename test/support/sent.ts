import { type StandIn } from '../../src/sandbox/stand-in.service.js';
import { type SeenRequest } from '../../src/sandbox/stand-in-memory.js';
import { type TestDatabase } from './database.js';
import { type FeedClient } from './feed-client.js';
import { ask } from './graphql.js';
import { type TestServer } from './server.js';
import { until } from './until.js';

export const SENT = `id status externalId from to subject body idempotencyKey sentBy approvedBy groupId metadata error { code message hint retryable }
  attachments { id contentType fileName sizeBytes state } replyTo { id } events { kind status } milestones { status }`;

/** An activity as it stands. */
// oxlint-disable-next-line typescript/no-explicit-any -- the shape is the query's
export async function activityOf(server: TestServer, key: string, id: string): Promise<any> {
  return (await ask(server, key, `query($id: ID!) { activity(id: $id) { ${SENT} } }`, { id })).activity;
}

/** An activity once it has such a status. */
export async function reached(server: TestServer, key: string, id: string, statuses: string | readonly string[], ms = 10_000) {
  let status = '';
  const found = async () => {
    const activity = await activityOf(server, key, id);
    status = activity.status;
    return [statuses].flat().includes(status) ? activity : undefined;
  };
  try {
    return await until(found, { ms });
  } catch (error) {
    throw new Error(`${id} is ${status}, not ${[statuses].flat().join(' or ')}`, { cause: error });
  }
}

/** The requests that asked a provider to send something to that person; those whose connection was closed before they were read name nobody. */
export function requestsTo(standIn: StandIn, to: string): readonly SeenRequest[] {
  const name = to.replace(/^\+/, '');
  return standIn.sends().filter(({ parameters }) => JSON.stringify(parameters).includes(name));
}

/** What providers took on for that person. */
export function acceptedFor(standIn: StandIn, to: string): number {
  return standIn.accepted.filter((item) => item.to.includes(to.replace(/^\+/, ''))).length;
}

/** What a live subscriber heard of an activity: that it was made, and then each status. */
export function heardOf(feed: FeedClient, id: string): (string | null)[] {
  return feed.items.filter(({ activity }) => activity?.id === id).map(({ kind, event }) => (kind === 'UPDATED' ? event.status : kind));
}

/** Of what is scheduled for far later: makes each due so long after now, as if it had been scheduled for that. Now, in milliseconds since 1970. */
export async function makeDue(database: TestDatabase, ids: readonly string[], inMs: (i: number) => number): Promise<number> {
  const now = Date.now();
  const at = ids.map((_, i) => new Date(now + inMs(i)).toISOString());
  await database.query(
    'update send_item set due_at = at from unnest($1::uuid[], $2::timestamptz[]) as due(id, at) where activity_id = id',
    [ids, at],
  );
  return now;
}
