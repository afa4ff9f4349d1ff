import {
  type ActivityDraft,
  type ActivityFacts,
  type DraftEvent,
  type JsonObject,
  type ProviderError,
} from '../adapters/activity-draft.js';
import { type ActivityStatus } from '../adapters/activity-status.js';
import { Channel } from '../adapters/channel.js';
import { isListed, LIST, WEBHOOK } from '../adapters/provider-list.js';
import { isStandIn } from '../adapters/stand-in.js';
import { rankOf } from './status-rank.js';

/** A time in milliseconds since 1970, and 1 where it does not date the activity: ours, for a provider that sent none, a plan's, or of what is told beside a call. */
export type Moment = readonly [at: number, estimated: 0 | 1];

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
  /** The earliest a provider tells of, the beginning of a call whose end and length it tells; where none does, the earliest it was heard of or planned. */
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

/**
 * In place of an order key, and above them all: of a field whose value was erased, so that nobody says it again. It stands last until the next
 * merge puts the orders in order.
 */
export const ERASED_ORDER = '~erased';

/** In place of an order key, and above them all but that: of what the sender attached, which no provider's word of the same name replaces. */
const GIVEN_ORDER = '~created';

/** The key of the event that makes an activity of ours. */
const CREATED_BY_US = 'api/created';

/** Above every status: what a person wrote anew counts, whatever became of the message. */
const EDIT_RANK = 99;

/**
 * Compares as text: the rank of the status, the provider's time or none, the event's key. An estimated time takes no part. What a list tells
 * stands where the webhook stands that would have told it, and without a time: a webhook's own time goes before it. What stands in for another
 * goes below all of its rank, whenever it was.
 */
function orderKey(channel: Channel, event: DraftEvent): string {
  const rank = String(event.kind === 'EDITED' ? EDIT_RANK : rankOf(channel, event.status)).padStart(2, '0');
  if (isStandIn(event)) return `${rank}   ${event.key}`;
  if (isListed(event)) return `${rank}  ${WEBHOOK}${event.key.slice(LIST.length)}`;
  return `${rank} ${event.occurredAt?.toISOString() ?? ''} ${event.key}`;
}

/** One event by itself. `receivedAt` stands in for a time the provider did not send; the time of a plan, until something happens. */
export function mergedOf(draft: Pick<ActivityDraft, 'channel' | 'event' | 'facts' | 'reaction'>, receivedAt: Date): Merged {
  const { channel, event, facts, reaction } = draft;
  // What is told of a call beside its course, as that it was written down, does not say when it was.
  const isAside = channel === Channel.VOICE && event.status === null;
  const stands = event.occurredAt === null || isAside || isPlan(channel, event);
  const moment: Moment = [(event.occurredAt ?? receivedAt).getTime(), stands ? 1 : 0];
  const isGiven = event.key === CREATED_BY_US && Object.keys(event.metadata).length > 0;
  const said: Merged = {
    status: event.status,
    facts,
    error: event.error,
    // What is said of a reaction is not said of the message.
    metadata: reaction || isGiven ? {} : event.metadata,
    reactions: reaction ? { [reaction.from]: [reaction.emoji, moment[0]] } : {},
    occurred: [moment[0] - (moment[1] ? 0 : 1_000 * (facts.durationSeconds ?? 0)), moment[1]],
    milestones: event.status ? { [event.status]: moment } : {},
    provenance: { orders: [orderKey(channel, event)], fields: {} },
  };
  return isGiven ? merge(said, { ...NOTHING_SAID, metadata: event.metadata, occurred: said.occurred }) : said;
}

const NOTHING_SAID: Omit<Merged, 'metadata' | 'occurred'> = {
  status: null,
  facts: {},
  error: null,
  reactions: {},
  milestones: {},
  provenance: { orders: [GIVEN_ORDER], fields: {} },
};

/** What providers say of an activity, without what its sender attached to it: before that had an order of its own, it had its event's. */
export function metadataOfProviders(merged: Pick<Merged, 'metadata' | 'provenance'>): JsonObject {
  const isGiven = (order: string) => order === GIVEN_ORDER || order.endsWith(` ${CREATED_BY_US}`);
  return Object.fromEntries(Object.entries(merged.metadata).filter(([name]) => !isGiven(orderOf(merged, METADATA, name))));
}

/** Whether nothing has happened yet, or never did: a message that was canceled had not left, while of a call it is how it ended. */
function isPlan(channel: Channel, { status }: DraftEvent): boolean {
  return status === 'DRAFT' || status === 'SCHEDULED' || (status === 'CANCELED' && channel !== Channel.VOICE);
}

/** Of each field the value with the better order key, of the same the one that says more; of each time the earlier, a provider's before one of ours. */
export function merge(a: Merged, b: Merged): Merged {
  const contest = new Contest(a, b);
  return {
    ...contest.fields,
    occurred: earlier(a.occurred, b.occurred),
    milestones: earliestOfEach(a.milestones, b.milestones),
    provenance: contest.provenance(),
  };
}

/** Whether `b` adds anything to `a`, times aside: where not, whatever is merged later, it could as well not have been said. */
export function addsTo(a: Merged, b: Merged): boolean {
  return new Contest(a, b).newcomers > 0 || Object.keys(b.milestones).some((status) => !(status in a.milestones));
}

const METADATA = 'metadata.';
const REACTION = 'reaction.';
type Values<T> = Readonly<Record<string, T>>;

/** Decides field by field between two merges, and keeps what came from where. Thousands are decided in a batch: a name is joined where it is needed. */
class Contest {
  readonly fields: Omit<Merged, 'occurred' | 'milestones' | 'provenance'>;
  /** How many fields the second won. */
  newcomers = 0;
  private readonly won: { readonly prefix: string; readonly name: string; readonly order: string }[] = [];

  constructor(
    private readonly a: Merged,
    private readonly b: Merged,
  ) {
    const [one, other] = [a.facts, b.facts];
    this.fields = {
      status: this.better('', 'status', a.status ?? undefined, b.status ?? undefined) ?? null,
      // What has a status also says whether there is an error, null included.
      error: this.better('', 'error', a.status === null ? undefined : a.error, b.status === null ? undefined : b.error) ?? null,
      facts: {
        direction: this.better('', 'direction', one.direction, other.direction),
        from: this.better('', 'from', one.from, other.from),
        to: this.better('', 'to', one.to, other.to),
        subject: this.better('', 'subject', one.subject, other.subject),
        body: this.better('', 'body', one.body, other.body),
        durationSeconds: this.better('', 'durationSeconds', one.durationSeconds, other.durationSeconds),
        replyTo: this.better('', 'replyTo', one.replyTo, other.replyTo),
      } satisfies Record<keyof ActivityFacts, unknown>,
      metadata: this.betterOfEach(METADATA, a.metadata, b.metadata),
      reactions: this.betterOfEach(REACTION, a.reactions, b.reactions),
    };
  }

  provenance(): Provenance {
    const orders: string[] = [];
    for (const { order } of this.won) if (!orders.includes(order)) orders.push(order);
    orders.sort().reverse();
    const fields: [string, number][] = [];
    for (const { prefix, name, order } of this.won) if (order !== orders[0]) fields.push([prefix + name, orders.indexOf(order)]);
    return { orders, fields: Object.fromEntries(fields) };
  }

  /** Where one alone has any, its own object. */
  private betterOfEach<T>(prefix: string, a: Values<T>, b: Values<T>): Values<T> {
    const valueIn = (values: Values<T>, name: string) => (Object.hasOwn(values, name) ? values[name] : undefined);
    const decide = (name: string) => this.better(prefix, name, valueIn(a, name), valueIn(b, name))!;
    const [names, others] = [Object.keys(a), Object.keys(b)];
    if (!names.length || !others.length) {
      for (const name of names.length ? names : others) decide(name);
      return names.length ? a : b;
    }
    const all = [...names, ...others.filter((name) => !Object.hasOwn(a, name))];
    // Object.fromEntries, not assignment: a provider may well name a parameter `__proto__`.
    return Object.fromEntries(all.map((name) => [name, decide(name)]));
  }

  /** Undefined where neither says anything. */
  private better<T>(prefix: string, name: string, value: T | undefined, other: T | undefined): T | undefined {
    if (value === undefined && other === undefined) return undefined;
    const [order, otherOrder] = [orderOf(this.a, prefix, name), orderOf(this.b, prefix, name)];
    const isOther = value === undefined || (other !== undefined && goesBefore(other, otherOrder, value, order));
    if (isOther) this.newcomers++;
    this.won.push({ prefix, name, order: isOther ? otherOrder : order });
    return isOther ? other : value;
  }
}

function orderOf({ provenance: { orders, fields } }: Pick<Merged, 'provenance'>, prefix: string, name: string): string {
  return orders[orders.length === 1 ? 0 : (fields[prefix + name] ?? 0)]!;
}

/** Two sources of one happening share an order key, and need not agree on it: then the longer value counts, whoever came first. */
function goesBefore(value: unknown, order: string, other: unknown, otherOrder: string): boolean {
  if (order !== otherOrder) return order > otherOrder;
  if (value === other) return false;
  const [text, otherText] = [JSON.stringify(value), JSON.stringify(other)];
  return text.length === otherText.length ? text > otherText : text.length > otherText.length;
}

function earlier(a: Moment, b: Moment): Moment {
  const [[at, estimated], [otherAt, otherEstimated]] = [a, b];
  if (estimated !== otherEstimated) return estimated ? b : a;
  return otherAt < at ? b : a;
}

function earliestOfEach(a: Merged['milestones'], b: Merged['milestones']): Merged['milestones'] {
  const all: Partial<Record<ActivityStatus, Moment>> = { ...a };
  for (const [status, moment] of Object.entries(b) as [ActivityStatus, Moment][]) {
    const other = all[status];
    all[status] = other ? earlier(other, moment) : moment;
  }
  return all;
}
