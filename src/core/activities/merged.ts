import {
  type ActivityDraft,
  type ActivityFacts,
  type DraftEvent,
  type JsonObject,
  type Json,
  type ProviderError,
} from '../adapters/activity-draft.js';
import { type ActivityStatus } from '../adapters/activity-status.js';
import { type Channel } from '../adapters/channel.js';
import { isListed, LIST, WEBHOOK } from '../adapters/provider-list.js';
import { rankOf } from './status-rank.js';

/** A time in milliseconds since 1970, and whether ours stands in for a provider that sent none. */
export interface Moment {
  readonly at: number;
  readonly estimated: boolean;
}

export type MergedReaction = readonly [emoji: string | null, at: number];

/**
 * What an activity's events come to: the least upper bound of them. `merge` is associative, commutative and idempotent, so
 * neither order nor grouping nor repetition of the events shows in it, and a new event needs no history.
 */
export interface Merged {
  readonly status: ActivityStatus | null;
  readonly facts: ActivityFacts;
  readonly error: ProviderError | null;
  readonly metadata: JsonObject;
  /** By whose it is, with its time in milliseconds since 1970; null was taken back. */
  readonly reactions: Readonly<Record<string, MergedReaction>>;
  /** The earliest a provider tells of; where none does, the earliest it was heard of. */
  readonly occurred: Moment;
  /** Each status reached, with its first time. */
  readonly milestones: Readonly<Partial<Record<ActivityStatus, Moment>>>;
  readonly provenance: Provenance;
}

/**
 * Which event each field came from. `orders` are order keys (see `orderKey`), best first; `fields` says which of them a field
 * came from, and leaves out those of the first. Field names: `status`, `error`, a fact's name, `metadata.` + a name, `reaction.` + whose.
 */
export interface Provenance {
  readonly orders: readonly string[];
  readonly fields: Readonly<Record<string, number>>;
}

/** Above every status: what a person wrote anew counts, whatever became of the message. */
const EDIT_RANK = 99;

/**
 * Compares as text: the rank of the status, the provider's time or none, the event's key. An estimated time takes no part. What a list tells
 * stands where the webhook stands that would have told it, and without a time: a webhook's own time goes before it.
 */
export function orderKey(channel: Channel, event: DraftEvent): string {
  const rank = String(event.kind === 'EDITED' ? EDIT_RANK : rankOf(channel, event.status)).padStart(2, '0');
  if (isListed(event)) return `${rank}  ${WEBHOOK}${event.key.slice(LIST.length)}`;
  return `${rank} ${event.occurredAt?.toISOString() ?? ''} ${event.key}`;
}

/** One event by itself. `receivedAt` stands in for a time the provider did not send. */
export function mergedOf(draft: Pick<ActivityDraft, 'channel' | 'event' | 'facts' | 'reaction'>, receivedAt: Date): Merged {
  const { channel, event, facts, reaction } = draft;
  const moment: Moment = { at: (event.occurredAt ?? receivedAt).getTime(), estimated: event.occurredAt === null };
  return {
    status: event.status,
    facts,
    error: event.error,
    // What is said of a reaction is not said of the message.
    metadata: reaction ? {} : event.metadata,
    reactions: reaction ? { [reaction.from]: [reaction.emoji, moment.at] } : {},
    occurred: moment,
    milestones: event.status ? { [event.status]: moment } : {},
    provenance: { orders: [orderKey(channel, event)], fields: {} },
  };
}

/** Of each field the value with the better order key, of the same the one that says more; of each time the earlier, a provider's before one of ours. */
export function merge(a: Merged, b: Merged): Merged {
  const winners = fieldsOf(a);
  for (const [name, field] of fieldsOf(b)) {
    const other = winners.get(name);
    if (!other || goesBefore(field, other)) winners.set(name, field);
  }
  // Object.fromEntries, not assignment: a provider may well name a parameter `__proto__`.
  const facts: [string, unknown][] = [];
  const metadata: [string, Json][] = [];
  const reactions: [string, MergedReaction][] = [];
  for (const [name, { value }] of winners) {
    if (name.startsWith(METADATA)) metadata.push([name.slice(METADATA.length), value as Json]);
    else if (name.startsWith(REACTION)) reactions.push([name.slice(REACTION.length), value as MergedReaction]);
    else if (name !== 'status' && name !== 'error') facts.push([name, value]);
  }
  return {
    status: (winners.get('status')?.value as ActivityStatus | undefined) ?? null,
    error: (winners.get('error')?.value as ProviderError | undefined) ?? null,
    facts: Object.fromEntries(facts),
    metadata: Object.fromEntries(metadata),
    reactions: Object.fromEntries(reactions),
    occurred: earlier(a.occurred, b.occurred),
    milestones: earliestOfEach(a.milestones, b.milestones),
    provenance: provenanceOf(winners),
  };
}

/** Whether `b` adds anything to `a`, times aside: where not, whatever is merged later, it could as well not have been said. */
export function addsTo(a: Merged, b: Merged): boolean {
  const known = fieldsOf(a);
  for (const [name, field] of fieldsOf(b)) {
    const other = known.get(name);
    if (!other || goesBefore(field, other)) return true;
  }
  return Object.keys(b.milestones).some((status) => !(status in a.milestones));
}

const METADATA = 'metadata.';
const REACTION = 'reaction.';
type Field = { readonly value: unknown; readonly order: string };

/** Two sources of one happening share an order key, and need not agree on it: then the longer value counts, whoever came first. */
function goesBefore(field: Field, other: Field): boolean {
  if (field.order !== other.order) return field.order > other.order;
  if (field.value === other.value) return false;
  const [text, otherText] = [JSON.stringify(field.value), JSON.stringify(other.value)];
  return text.length === otherText.length ? text > otherText : text.length > otherText.length;
}

/** Every field that says something, with its order key. What has a status also says whether there is an error, null included. */
function fieldsOf(merged: Merged): Map<string, Field> {
  const { orders, fields } = merged.provenance;
  const found = new Map<string, Field>();
  const put = (name: string, value: unknown) => found.set(name, { value, order: orders[fields[name] ?? 0]! });
  if (merged.status !== null) put('status', merged.status).set('error', { value: merged.error, order: orders[fields.error ?? 0]! });
  for (const [name, value] of Object.entries(merged.facts)) if (value !== undefined) put(name, value);
  for (const [name, value] of Object.entries(merged.metadata)) put(METADATA + name, value);
  for (const [from, value] of Object.entries(merged.reactions)) put(REACTION + from, value);
  return found;
}

function provenanceOf(winners: ReadonlyMap<string, Field>): Provenance {
  const position = new Map<string, number>();
  for (const { order } of winners.values()) position.set(order, 0);
  const orders = [...position.keys()].sort().reverse();
  orders.forEach((order, i) => position.set(order, i));
  const fields: [string, number][] = [];
  for (const [name, { order }] of winners) if (order !== orders[0]) fields.push([name, position.get(order)!]);
  return { orders, fields: Object.fromEntries(fields) };
}

function earlier(a: Moment, b: Moment): Moment {
  if (a.estimated !== b.estimated) return a.estimated ? b : a;
  return b.at < a.at ? b : a;
}

function earliestOfEach(a: Merged['milestones'], b: Merged['milestones']): Merged['milestones'] {
  const all: Partial<Record<ActivityStatus, Moment>> = { ...a };
  for (const [status, moment] of Object.entries(b) as [ActivityStatus, Moment][]) {
    const other = all[status];
    all[status] = other ? earlier(other, moment) : moment;
  }
  return all;
}
