import { lowestIdAt } from '../../platform/database/new-id.service.js';
import { type FeedEventsService } from '../feed/feed-events.service.js';

/** A request's body may take five minutes to come, and its commit one. */
const LONGEST_REQUEST_MS = 360_000;

/**
 * How far an organization stands still, while it is looked through without its lock: what has a lower id is committed, or never will be, since an id is made
 * when its request begins; and what was told up to that number of its feed.
 */
export interface Settled {
  readonly id: string;
  readonly seq: number;
}

export async function settledNow(events: FeedEventsService, organizationId: string): Promise<Settled> {
  const [head] = await events.heads([organizationId]);
  return { id: lowestIdAt(new Date(Date.now() - LONGEST_REQUEST_MS)), seq: head!.seq };
}
