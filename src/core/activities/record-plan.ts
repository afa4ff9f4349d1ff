import { type ActivityDraft } from '../adapters/activity-draft.js';
import { type Provider } from '../adapters/channel.js';
import { type Origin } from '../adapters/origin.js';
import { type NewEvent } from '../feed/append-events.sql.js';
import { type SeqsTaken } from '../feed/feed-head.sql.js';
import { type ActivityRow, columnsOf, mergedOfRow } from './activity-row.js';
import { merge, mergedOf } from './merged.js';

/** A draft with what the delivery, not the item, knows. */
export interface SourcedDraft {
  readonly draft: ActivityDraft;
  readonly provider: Provider;
  readonly accountId: string;
  readonly origin: Origin;
  readonly receivedAt: Date;
  /** Drafts of one delivery are recorded together or not at all. */
  readonly deliveryId: string;
}

/** What is known, or guessed, of the past. */
export interface Known {
  /** By `referenceOf`. */
  readonly references: ReadonlyMap<string, { organizationId: string; activityId: string }>;
  /** By `CHANNEL:address`. */
  readonly senders: ReadonlyMap<string, string>;
  readonly activities: ReadonlyMap<string, ActivityRow>;
  /** By `eventKeyOf`. */
  readonly eventKeys: ReadonlySet<string>;
  /** The organizations whose heads are held: what belongs to another is put aside. Undefined: none is, the write will find out. */
  readonly locked: ReadonlySet<string> | undefined;
  /** Takes what nobody claims. */
  readonly defaultOrganization: string | undefined;
}

/**
 * What became of a draft. RECORDED: a new event. KNOWN: that event is there already. LOCKED: to be tried again. UNROUTED waits for
 * the sender of an address of ours or for its reference, UNMATCHED for its reference alone.
 */
export type Outcome =
  | { readonly kind: 'RECORDED' | 'KNOWN'; readonly organizationId: string; readonly activityId: string }
  | { readonly kind: 'UNROUTED' | 'UNMATCHED'; readonly waitsFor: readonly string[] }
  | { readonly kind: 'LOCKED' };

/** What is to be written, and what became of each draft, in the order they were given. */
export interface RecordPlan {
  readonly outcomes: readonly Outcome[];
  readonly created: readonly CreatedActivity[];
  readonly grown: readonly GrownActivity[];
  /** Without those that `created` tells of. */
  readonly references: readonly NewReference[];
  /** Without those that `created` tells of. Their seqs count from 1 above what the organization's head is when it is written. */
  readonly events: readonly NewEvent[];
  readonly taken: readonly SeqsTaken[];
}

/** A provider's id, and the activity it is of. */
export interface NewReference {
  readonly provider: Provider;
  readonly accountId: string;
  readonly value: string;
  readonly organizationId: string;
  readonly activityId: string;
}

/**
 * A new activity; `createdSeq` counts like the seqs of events. Where one event is all that happened to it, it says all of that event
 * and of its reference but this `creation`, and they are written from it; null where it grew at once, and they are told by themselves.
 */
export interface CreatedActivity {
  readonly row: ActivityRow;
  readonly creation: (Pick<NewEvent, 'key' | 'receivedAt' | 'deliveryId'> & Pick<NewReference, 'accountId'>) | null;
}

/** An activity that changes, and the revision it must still be at. */
export interface GrownActivity extends ActivityRow {
  readonly before: number;
}

/** A reference as the ledger names what waits for it; no channel is called so, and an address is `CHANNEL:address`. */
export const REFERENCE = 'REFERENCE:';
export const referenceName = (provider: string, accountId: string, externalId: string): string =>
  `${REFERENCE}${provider} ${accountId} ${externalId}`;
export const referenceOf = ({ provider, accountId, draft }: SourcedDraft): string => referenceName(provider, accountId, draft.externalId);
export const eventKeyOf = (activityId: string, key: string): string => `${activityId} ${key}`;
export const addressesOf = (draft: ActivityDraft): string[] => draft.ours.map((address) => `${draft.channel}:${address}`);

/** Decides, and touches nothing: `newId` gives time-ordered ids, `now` is the time of recording. */
export function planRecording(drafts: readonly SourcedDraft[], known: Known, newId: () => string, now: Date): RecordPlan {
  const routes = drafts.map((sourced) => route(sourced, known));
  const putAside = new Set(drafts.filter((_, i) => isLocked(routes[i]!, known)).map((sourced) => sourced.deliveryId));

  const references = new Map(known.references);
  const activities = new Map<string, ActivityRow>();
  const eventKeys = new Set<string>();
  const counts = new Map<string, number>();
  const events: NewEvent[] = [];
  const creations = new Map<string, { event: NewEvent; reference: NewReference }>();

  const recordIn = (routedTo: string, sourced: SourcedDraft): Outcome => {
    const { draft, provider, accountId } = sourced;
    const name = referenceOf(sourced);
    const reference = references.get(name);
    const organizationId = reference?.organizationId ?? routedTo;
    const activityId = reference?.activityId ?? newId();
    const key = eventKeyOf(activityId, draft.event.key);
    if (known.eventKeys.has(key) || eventKeys.has(key)) return { kind: 'KNOWN', organizationId, activityId };
    eventKeys.add(key);

    const seq = (counts.get(organizationId) ?? 0) + 1;
    counts.set(organizationId, seq);
    const before = activities.get(activityId) ?? known.activities.get(activityId);
    const event = eventOf(sourced, { organizationId, activityId, seq, id: newId(), created: !before });
    if (before) {
      events.push(event);
      activities.set(activityId, grown(before, sourced, now));
    } else {
      creations.set(activityId, { event, reference: { provider, accountId, value: draft.externalId, organizationId, activityId } });
      activities.set(activityId, createdBy(sourced, event, now));
      references.set(name, { organizationId, activityId });
    }
    return { kind: 'RECORDED', organizationId, activityId };
  };
  const first = drafts.map((sourced, i): Outcome => {
    if (putAside.has(sourced.deliveryId)) return { kind: 'LOCKED' };
    const routed = routes[i]!;
    return routed.kind === 'ROUTED' ? recordIn(routed.organizationId, sourced) : routed;
  });
  // What names no address of ours may be about an activity that the same group made.
  const outcomes = first.map((outcome, i): Outcome => {
    const made = 'waitsFor' in outcome ? references.get(referenceOf(drafts[i]!)) : undefined;
    return made ? recordIn(made.organizationId, drafts[i]!) : outcome;
  });

  const plan = { created: [] as CreatedActivity[], grown: [] as GrownActivity[], references: [] as NewReference[], events };
  for (const row of activities.values()) {
    const made = creations.get(row.id);
    if (!made) plan.grown.push({ ...row, before: known.activities.get(row.id)!.revision });
    else if (row.revision === 1) {
      const { key, receivedAt, deliveryId } = made.event;
      plan.created.push({ row, creation: { key, receivedAt, deliveryId, accountId: made.reference.accountId } });
    } else {
      plan.created.push({ row, creation: null });
      plan.references.push(made.reference);
      events.push(made.event);
    }
  }
  return { outcomes, ...plan, taken: [...counts].map(([organizationId, count]) => ({ organizationId, count })) };
}

/** The addresses whose sender would route what is unrouted. */
export function waitingOf({ outcomes }: RecordPlan): string[] {
  const names = outcomes.flatMap((outcome) => ('waitsFor' in outcome ? outcome.waitsFor : []));
  return [...new Set(names)].filter((name) => !name.startsWith(REFERENCE));
}

type Route = { readonly kind: 'ROUTED'; readonly organizationId: string } | Exclude<Outcome, { kind: 'RECORDED' | 'KNOWN' | 'LOCKED' }>;

/** A provider's id already known decides the organization; else an address of ours; else the default. */
function route(sourced: SourcedDraft, known: Known): Route {
  const name = referenceOf(sourced);
  const reference = known.references.get(name);
  if (reference) return { kind: 'ROUTED', organizationId: reference.organizationId };
  const addresses = addressesOf(sourced.draft);
  if (!addresses.length) return { kind: 'UNMATCHED', waitsFor: [name] };
  const owner = addresses.map((address) => known.senders.get(address)).find((id) => id !== undefined) ?? known.defaultOrganization;
  return owner === undefined ? { kind: 'UNROUTED', waitsFor: [...addresses, name] } : { kind: 'ROUTED', organizationId: owner };
}

function isLocked(routed: Route, known: Known): boolean {
  return routed.kind === 'ROUTED' && known.locked !== undefined && !known.locked.has(routed.organizationId);
}

function eventOf(
  { draft, receivedAt, deliveryId }: SourcedDraft,
  place: { organizationId: string; activityId: string; seq: number; id: string; created: boolean },
): NewEvent {
  const { event, channel } = draft;
  const { organizationId, activityId, seq, id, created } = place;
  return {
    organizationId,
    seq,
    id,
    activityId,
    channel,
    key: event.key,
    kind: created ? 'CREATED' : event.kind,
    status: event.status,
    occurredAt: event.occurredAt ?? receivedAt,
    occurredAtEstimated: event.occurredAt === null,
    receivedAt,
    error: event.error,
    metadata: event.metadata,
    deliveryId,
  };
}

function createdBy(sourced: SourcedDraft, event: NewEvent, now: Date): ActivityRow {
  const { draft, provider, origin, receivedAt } = sourced;
  return {
    id: event.activityId,
    organizationId: event.organizationId,
    channel: draft.channel,
    provider,
    externalId: draft.externalId,
    revision: 1,
    origin,
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
    createdSeq: event.seq,
    createdEventId: event.id,
    ...columnsOf(mergedOf(draft.channel, draft.event, draft.facts, receivedAt)),
  };
}

function grown(row: ActivityRow, { draft, receivedAt }: SourcedDraft, now: Date): ActivityRow {
  const merged = merge(mergedOfRow(row), mergedOf(draft.channel, draft.event, draft.facts, receivedAt));
  return { ...row, ...columnsOf(merged), revision: row.revision + 1, updatedAt: now.toISOString() };
}
