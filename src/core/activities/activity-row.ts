import { type JsonObject, type ProviderError } from '../adapters/activity-draft.js';
import { type ActivityStatus } from '../adapters/activity-status.js';
import { type Channel, type Direction, type Provider } from '../adapters/channel.js';
import { type Origin } from '../adapters/origin.js';
import { ERASED_ORDER, type Merged, type MergedReaction, type Provenance } from './merged.js';

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
  readonly milestones: Merged['milestones'];
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
  /** As it was read to be told; absent elsewhere. */
  readonly hasFiles?: boolean;
  /** Whether `body` was left out, where it was read to be told. */
  readonly isBodyLarge?: boolean | null;
}

/** What is ours of a row: the rest it takes from the merge of its events. */
type OwnColumns = Pick<
  ActivityRow,
  | 'id'
  | 'organizationId'
  | 'channel'
  | 'provider'
  | 'externalId'
  | 'revision'
  | 'origin'
  | 'createdAt'
  | 'updatedAt'
  | 'createdSeq'
  | 'createdEventId'
  | 'contactId'
  | 'erasedAt'
>;

/** Whether what is said of it names somebody who was erased: of a shell, and of a call with somebody else that came from that person's number. */
export function namesErased({ erasedAt, provenance }: ActivityRow): boolean {
  return erasedAt !== null || provenance.orders.includes(ERASED_ORDER);
}

/** As `eraseCallers` leaves one. */
export function withoutCaller(row: ActivityRow): ActivityRow {
  const { orders, fields } = row.provenance;
  return { ...row, from: '', provenance: { orders: [...orders, ERASED_ORDER], fields: { ...fields, from: orders.length } } };
}

/** The merge of a row's events so far. */
export function mergedOfRow(row: ActivityRow): Merged {
  return {
    // What no event told is no fact: see the defaults of `rowOf`.
    status: Object.keys(row.milestones).length ? row.status : null,
    facts: {
      direction: row.direction,
      from: row.from || (namesErased(row) ? '' : undefined),
      to: row.to || undefined,
      subject: row.subject ?? undefined,
      body: row.body ?? undefined,
      durationSeconds: row.durationSeconds ?? undefined,
      replyTo: row.replyTo ?? undefined,
    },
    reactions: row.reactions,
    error: row.error,
    metadata: row.metadata,
    occurred: [Date.parse(row.occurredAt), row.occurredAtEstimated ? 1 : 0],
    milestones: row.milestones,
    provenance: row.provenance,
  };
}

/** A row with what the merge of its events says. One literal: a batch makes thousands, and one spread from others is slow to make and to write. */
export function rowOf(
  own: OwnColumns,
  { facts, status, error, metadata, reactions, occurred, milestones, provenance }: Merged,
): ActivityRow {
  return {
    id: own.id,
    organizationId: own.organizationId,
    channel: own.channel,
    provider: own.provider,
    externalId: own.externalId,
    direction: facts.direction ?? 'INBOUND',
    status: status ?? 'UNKNOWN',
    revision: own.revision,
    origin: own.origin,
    from: facts.from ?? '',
    to: facts.to ?? '',
    subject: facts.subject ?? null,
    body: facts.body ?? null,
    durationSeconds: facts.durationSeconds ?? null,
    replyTo: facts.replyTo ?? null,
    reactions,
    error,
    milestones,
    metadata,
    provenance,
    occurredAt: new Date(occurred[0]).toISOString(),
    occurredAtEstimated: occurred[1] === 1,
    createdAt: own.createdAt,
    updatedAt: own.updatedAt,
    createdSeq: own.createdSeq,
    createdEventId: own.createdEventId,
    contactId: own.contactId,
    erasedAt: own.erasedAt,
  };
}
