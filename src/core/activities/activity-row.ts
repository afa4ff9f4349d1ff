import { type JsonObject, type ProviderError } from '../adapters/activity-draft.js';
import { type ActivityStatus } from '../adapters/activity-status.js';
import { type Channel, type Direction, type Provider } from '../adapters/channel.js';
import { type Origin } from '../adapters/origin.js';
import { type Merged, type MergedReaction, type Moment, type Provenance } from './merged.js';

/** An activity as its table has it. Times are ISO 8601 in UTC, so that a row goes to and from the database as JSON. */
export interface ActivityRow {
  readonly id: string;
  readonly organizationId: string;
  readonly channel: Channel;
  readonly provider: Provider;
  readonly externalId: string | null;
  readonly direction: Direction;
  readonly status: ActivityStatus;
  readonly revision: number;
  readonly origin: Origin;
  readonly from: string;
  readonly to: string;
  readonly subject: string | null;
  readonly body: string | null;
  readonly durationSeconds: number | null;
  /** The provider account and the directory's value of the message it answers, with a space between; null for none. */
  readonly replyTo: string | null;
  readonly reactions: Readonly<Record<string, MergedReaction>>;
  readonly error: ProviderError | null;
  /** Each status reached: milliseconds since 1970 of its first time, and 1 where that is estimated. */
  readonly milestones: Readonly<Partial<Record<ActivityStatus, readonly [number, 0 | 1]>>>;
  readonly metadata: JsonObject;
  readonly provenance: Provenance;
  readonly occurredAt: string;
  readonly occurredAtEstimated: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly createdSeq: number;
  readonly createdEventId: string;
  readonly contactId: string | null;
  /** A shell: its content is gone, and nothing comes back. */
  readonly erasedAt: string | null;
}

/** The merge of a row's events so far. */
export function mergedOfRow(row: ActivityRow): Merged {
  const { direction, from, to, subject, body, durationSeconds, replyTo } = row;
  return {
    // What no event told is no fact: see the defaults of `columnsOf`.
    status: Object.keys(row.milestones).length ? row.status : null,
    facts: {
      direction,
      ...(from && { from }),
      ...(to && { to }),
      ...(subject !== null && { subject }),
      ...(body !== null && { body }),
      ...(durationSeconds !== null && { durationSeconds }),
      ...(replyTo !== null && { replyTo }),
    },
    reactions: row.reactions,
    error: row.error,
    metadata: row.metadata,
    occurred: { at: Date.parse(row.occurredAt), estimated: row.occurredAtEstimated },
    milestones: Object.fromEntries(
      Object.entries(row.milestones).map(([status, [at, estimated]]): [string, Moment] => [status, { at, estimated: estimated === 1 }]),
    ),
    provenance: row.provenance,
  };
}

/** What an activity takes from the merge of its events; the rest of a row is ours. */
export function columnsOf(
  merged: Merged,
): Pick<
  ActivityRow,
  | 'direction'
  | 'status'
  | 'from'
  | 'to'
  | 'subject'
  | 'body'
  | 'durationSeconds'
  | 'replyTo'
  | 'reactions'
  | 'error'
  | 'milestones'
  | 'metadata'
  | 'provenance'
  | 'occurredAt'
  | 'occurredAtEstimated'
> {
  const { direction = 'INBOUND', from = '', to = '', subject = null, body = null, durationSeconds = null, replyTo = null } = merged.facts;
  return {
    direction,
    status: merged.status ?? 'UNKNOWN',
    from,
    to,
    subject,
    body,
    durationSeconds,
    replyTo,
    reactions: merged.reactions,
    error: merged.error,
    milestones: Object.fromEntries(
      Object.entries(merged.milestones).map(([status, { at, estimated }]) => [status, [at, estimated ? 1 : 0] as const]),
    ),
    metadata: merged.metadata,
    provenance: merged.provenance,
    occurredAt: new Date(merged.occurred.at).toISOString(),
    occurredAtEstimated: merged.occurred.estimated,
  };
}
