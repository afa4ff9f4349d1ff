import { type ActivityDraft, type DraftIdentity } from '../adapters/activity-draft.js';
import { Channel, type Provider } from '../adapters/channel.js';
import { Origin } from '../adapters/origin.js';
import { isListed, listKeyOf } from '../adapters/provider-list.js';
import { type NewEvent } from '../feed/append-events.sql.js';
import { type SeqsTaken } from '../feed/feed-head.sql.js';
import { isUuid } from '../access/uuid.js';
import { addressHashOf, type Heard, type NewConsent } from '../contacts/consent.js';
import { ContactPlan } from '../contacts/contact-plan.js';
import { identityOf, normalizeIdentities } from '../contacts/identity.js';
import { type KnownContacts } from '../contacts/known-contacts.js';
import { contactEvent } from './contact-event.js';
import { counterpartOf, identitiesOf, isOfAnother, oursOf } from './counterpart.js';
import { type ActivityRow, mergedOfRow, rowOf } from './activity-row.js';
import { addsTo, merge, type Merged, mergedOf } from './merged.js';

/** A draft with what the delivery, not the item, knows. */
export interface SourcedDraft {
  readonly draft: ActivityDraft;
  readonly provider: Provider;
  readonly accountId: string;
  /** The one organization that the account serves; undefined: all. */
  readonly servesOnly: string | undefined;
  readonly origin: Origin;
  readonly receivedAt: Date;
  /**
   * Of what we do ourselves: the organization it belongs to. The activity is the one of the draft's `activityId`, made where there is none; what
   * we say of it no provider's word changes.
   */
  readonly own?: string;
  /** Of what we do ourselves: the activity as we left it, where it is likely to be so still. A guess, which the write checks. */
  readonly about?: ActivityRow | undefined;
  /** Where it tells of no activity, but that these are one person; of the draft its addresses alone count then. */
  readonly link?: readonly DraftIdentity[];
  /** Drafts of one delivery are recorded together or not at all; null of our own. */
  readonly deliveryId: string | null;
}

/** What is known, or guessed, of the past. */
export interface Known {
  /** By `referenceOf`. */
  readonly references: ReadonlyMap<string, { organizationId: string; activityId: string }>;
  /** By `CHANNEL:address`. */
  readonly senders: ReadonlyMap<string, string>;
  /** Those that the drafts name, by a reference or by our own id. */
  readonly activities: ReadonlyMap<string, ActivityRow>;
  /** By `eventKeyOf`. */
  readonly eventKeys: ReadonlySet<string>;
  /** Whose the identities are that were asked about so far. */
  readonly contacts: KnownContacts;
  /** The organizations whose heads are held: what belongs to another is put aside. Undefined: none is, the write will find out. */
  readonly locked: ReadonlySet<string> | undefined;
  /** Takes what nobody claims. */
  readonly defaultOrganization: string | undefined;
}

/**
 * What became of a draft. RECORDED: a new event. KNOWN: that event is there already, or another source told it and this one adds nothing, or its
 * activity was erased. NOTED: it told of no
 * activity. LOCKED: to be tried again. UNROUTED waits for the sender of an address of ours or for its reference, UNMATCHED for its reference
 * alone. `owned`: it is of an organization that the account does not serve.
 */
export type Outcome =
  | { readonly kind: 'RECORDED' | 'KNOWN'; readonly organizationId: string; readonly activityId: string; readonly erased?: true }
  | { readonly kind: 'UNROUTED' | 'UNMATCHED'; readonly waitsFor: readonly string[]; readonly owned?: true }
  | { readonly kind: 'LOCKED' | 'NOTED' };

/** What is to be written, and what became of each draft, in the order they were given. */
export interface RecordPlan {
  readonly outcomes: readonly Outcome[];
  readonly created: readonly CreatedActivity[];
  readonly grown: readonly GrownActivity[];
  /** Of emails, by activity. */
  readonly htmls: readonly { readonly activityId: string; readonly html: string }[];
  /** Without those that `created` tells of. */
  readonly references: readonly NewReference[];
  /** Without those that `created` and `grown` tell of. Seqs count from 1 above what the organization's head is when it is written. */
  readonly events: readonly NewEvent[];
  readonly taken: readonly SeqsTaken[];
  /** Whose the activities are. With `missing` or `joins` in it nothing of the plan may be written. */
  readonly contacts: ContactPlan;
  readonly consents: readonly NewConsent[];
  readonly heard: readonly Heard[];
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
 * and of its reference but this `creation`, and they are written from it (`value` is null where it has none yet); null where it grew at
 * once, and they are told by themselves.
 */
export interface CreatedActivity {
  readonly row: ActivityRow;
  readonly creation:
    (Pick<NewEvent, 'key' | 'receivedAt' | 'deliveryId'> & { readonly accountId: string; readonly value: string | null }) | null;
}

/** An activity that changes, as it was and must still be, and as it becomes; with its event, where one is all that happened to it. */
export interface GrownActivity {
  readonly before: ActivityRow;
  readonly row: ActivityRow;
  readonly event: NewEvent | null;
}

/** A reference as the ledger names what waits for it; no channel is called so, and an address is `CHANNEL:address`. */
export const REFERENCE = 'REFERENCE:';
export const referenceName = (provider: string, accountId: string, value: string): string =>
  `${REFERENCE}${provider} ${accountId} ${value}`;
/** What the directory knows the draft's activity by; undefined where it tells none. */
export const referenceValueOf = (draft: ActivityDraft): string | undefined => draft.reference ?? draft.externalId ?? undefined;
export const referenceOf = ({ provider, accountId, draft }: SourcedDraft): string | undefined => {
  const value = referenceValueOf(draft);
  return value === undefined ? undefined : referenceName(provider, accountId, value);
};
const parentOf = ({ provider, accountId, draft }: SourcedDraft): string | undefined =>
  draft.parent === undefined ? undefined : referenceName(provider, accountId, draft.parent);
/** Our own id of its activity. What is no id of ours may well stand in its place. */
export const ownIdOf = ({ activityId }: ActivityDraft): string | undefined =>
  activityId !== undefined && isUuid(activityId) ? activityId.toLowerCase() : undefined;
export const eventKeyOf = (activityId: string, key: string): string => `${activityId} ${key}`;
export const addressesOf = (draft: ActivityDraft): string[] => draft.ours.map((address) => `${draft.channel}:${address}`);

/** Decides, and touches nothing: `newId` gives time-ordered ids, `now` is the time of recording. */
export function planRecording(drafts: readonly SourcedDraft[], known: Known, newId: () => string, now: Date): RecordPlan {
  const routes = drafts.map((sourced) => route(sourced, known));
  const putAside = new Set(drafts.filter((_, i) => isLocked(routes[i]!, known)).map((sourced) => sourced.deliveryId ?? ''));

  const references = new Map(known.references);
  const activities = new Map<string, ActivityRow>();
  const eventKeys = new Set<string>();
  const counts = new Map<string, number>();
  const events: NewEvent[] = [];
  /** By activity: of those that were there, or were made before in this group. */
  const growths = new Map<string, NewEvent[]>();
  const creations = new Map<string, { event: NewEvent; reference: Omit<NewReference, 'value'> & { value: string | null } }>();
  const htmls = new Map<string, string>();
  const consents: NewConsent[] = [];
  const heard: Heard[] = [];
  const takeSeq = (organizationId: string): number => {
    const seq = (counts.get(organizationId) ?? 0) + 1;
    counts.set(organizationId, seq);
    return seq;
  };
  const contacts = new ContactPlan(known.contacts, newId, (organizationId, contactId, what) =>
    events.push({ ...contactEvent(contactId, what, now), organizationId, seq: takeSeq(organizationId), id: newId() }),
  );
  const found: NewReference[] = [];
  const isThere = (key: string): boolean => known.eventKeys.has(key) || eventKeys.has(key);

  const recordIn = (routedTo: string, sourced: SourcedDraft): Outcome => {
    const { draft, provider, accountId, link } = sourced;
    if (link) {
      contacts.of(routedTo, { identities: normalizeIdentities(link), name: undefined, order: '' });
      return { kind: 'NOTED' };
    }
    const name = referenceOf(sourced);
    const own = ownActivityOf(sourced, known);
    const reference = own
      ? { organizationId: own.organizationId, activityId: own.id }
      : name === undefined
        ? undefined
        : references.get(name);
    const value = referenceValueOf(draft);
    const ownId = sourced.own === undefined ? undefined : ownIdOf(draft);
    if (!reference && value === undefined && ownId === undefined) return { kind: 'UNMATCHED', waitsFor: [] };
    const organizationId = reference?.organizationId ?? routedTo;
    const activityId = reference?.activityId ?? ownId ?? newId();
    if (own && name !== undefined && value !== undefined && !references.has(name)) {
      references.set(name, { organizationId, activityId });
      found.push({ provider, accountId, value, organizationId, activityId });
    }
    const before = activities.get(activityId) ?? known.activities.get(activityId);
    const key = eventKeyOf(activityId, draft.event.key);
    if (before?.erasedAt) return { kind: 'KNOWN', organizationId, activityId, erased: true };
    if (isThere(key)) return { kind: 'KNOWN', organizationId, activityId };
    if (before && isToldAlready(sourced, before, isThere)) return { kind: 'KNOWN', organizationId, activityId };
    eventKeys.add(key);

    const aside = before !== undefined && isOfAnother(draft, before);
    const place = { organizationId, activityId, seq: takeSeq(organizationId), id: newId(), created: !before };
    const event = eventOf(aside ? withoutStatus(sourced) : sourced, place);
    const at = timeOf(sourced, before);
    consents.push(...consentsOf(organizationId, sourced, at));
    heard.push(...heardOf(organizationId, sourced, at, before));
    if (draft.html !== undefined) htmls.set(activityId, draft.html);
    if (before) {
      const growth = growths.get(activityId);
      if (growth) growth.push(event);
      else growths.set(activityId, [event]);
    }
    if (aside) {
      activities.set(activityId, touched(before, sourced, now));
    } else if (before) {
      activities.set(activityId, withContact(grown(before, sourced, now), before, sourced, contacts));
    } else {
      creations.set(activityId, { event, reference: { provider, accountId, value: value ?? null, organizationId, activityId } });
      activities.set(activityId, withContact(createdBy(sourced, event, now), undefined, sourced, contacts));
      if (name !== undefined) references.set(name, { organizationId, activityId });
    }
    return { kind: 'RECORDED', organizationId, activityId };
  };
  const first = drafts.map((sourced, i): Outcome => {
    if (putAside.has(sourced.deliveryId ?? '')) return { kind: 'LOCKED' };
    const routed = routes[i]!;
    return routed.kind === 'ROUTED' ? recordIn(routed.organizationId, sourced) : routed;
  });
  // What names no address of ours may be about, or part of, an activity that the same group made.
  const outcomes = first.map((outcome, i): Outcome => {
    const sourced = drafts[i]!;
    const made =
      'waitsFor' in outcome ? (references.get(referenceOf(sourced) ?? '') ?? references.get(parentOf(sourced) ?? '')) : undefined;
    return made && isServed(sourced, made.organizationId) ? recordIn(made.organizationId, sourced) : outcome;
  });

  const plan = { created: [] as CreatedActivity[], grown: [] as GrownActivity[], references: found, events };
  for (const planned of activities.values()) {
    const contactId = contacts.final(planned.contactId);
    const row = contactId === planned.contactId ? planned : { ...planned, contactId };
    const made = creations.get(row.id);
    const growth = growths.get(row.id) ?? [];
    const alone = !made && growth.length === 1;
    if (!alone) events.push(...growth);
    if (!made) plan.grown.push({ before: known.activities.get(row.id)!, row, event: alone ? growth[0]! : null });
    else if (row.revision === 1) {
      const { key, receivedAt, deliveryId } = made.event;
      plan.created.push({
        row,
        creation: { key, receivedAt, deliveryId, accountId: made.reference.accountId, value: made.reference.value },
      });
    } else {
      plan.created.push({ row, creation: null });
      const { value, ...reference } = made.reference;
      if (value !== null) plan.references.push({ ...reference, value });
      events.push(made.event);
    }
  }
  // Of whom no activity tells, an event does: two identities may be said to be one person before that person writes.
  const told = new Set([...plan.created, ...plan.grown].map(({ row }) => row.contactId));
  for (const { id, organizationId } of contacts.created.values())
    if (!told.has(id)) events.push({ ...contactEvent(id, 'linked', now), organizationId, seq: takeSeq(organizationId), id: newId() });
  return {
    outcomes,
    ...plan,
    contacts,
    consents,
    heard,
    htmls: [...htmls].map(([activityId, html]) => ({ activityId, html })),
    taken: [...counts].map(([organizationId, count]) => ({ organizationId, count })),
  };
}

/** The addresses whose sender would route what is unrouted. */
export function waitingOf({ outcomes }: RecordPlan): string[] {
  const names = outcomes.flatMap((outcome) => ('waitsFor' in outcome ? outcome.waitsFor : []));
  return [...new Set(names)].filter((name) => !name.startsWith(REFERENCE));
}

type Route = { readonly kind: 'ROUTED'; readonly organizationId: string } | Extract<Outcome, { waitsFor: readonly string[] }>;

/**
 * An id already known decides the organization, ours before the provider's; else an address of ours; else what it is part of; else
 * the default. What the account that verified it does not serve is nobody's, whatever it names.
 */
function route(sourced: SourcedDraft, known: Known): Route {
  if (sourced.own !== undefined) return { kind: 'ROUTED', organizationId: sourced.own };
  const [name, parent] = [referenceOf(sourced), parentOf(sourced)];
  const reference = ownActivityOf(sourced, known) ?? (name === undefined ? undefined : known.references.get(name));
  const addresses = addressesOf(sourced.draft);
  const owner =
    reference?.organizationId ??
    addresses.map((address) => known.senders.get(address)).find((id) => id !== undefined) ??
    (parent === undefined ? undefined : known.references.get(parent)?.organizationId) ??
    (addresses.length ? known.defaultOrganization : undefined);
  if (owner !== undefined && isServed(sourced, owner)) return { kind: 'ROUTED', organizationId: owner };
  const references = [name, parent].filter((one) => one !== undefined);
  // Its address has a sender already: no other will come for it.
  if (owner !== undefined) return { kind: 'UNROUTED', waitsFor: references, owned: true };
  return { kind: addresses.length ? 'UNROUTED' : 'UNMATCHED', waitsFor: [...addresses, ...references] };
}

function isServed({ servesOnly }: SourcedDraft, organizationId: string): boolean {
  return servesOnly === undefined || servesOnly === organizationId;
}

/** The activity of ours that the provider names by our own id. */
function ownActivityOf({ draft, provider }: SourcedDraft, known: Known): ActivityRow | undefined {
  const id = ownIdOf(draft);
  const row = id === undefined ? undefined : known.activities.get(id);
  return row?.provider === provider && row.channel === draft.channel ? row : undefined;
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

/** What is said of somebody in copy, as an event of the activity: the status is not the activity's, and whose it is stands beside it. */
function withoutStatus(sourced: SourcedDraft): SourcedDraft {
  const { draft } = sourced;
  const metadata = { ...draft.event.metadata, recipient: draft.recipient! };
  return { ...sourced, draft: { ...draft, event: { ...draft.event, status: null, metadata } } };
}

function createdBy(sourced: SourcedDraft, event: NewEvent, now: Date): ActivityRow {
  const { draft, provider, origin } = sourced;
  const own = {
    id: event.activityId!,
    organizationId: event.organizationId,
    channel: draft.channel,
    provider,
    externalId: draft.externalId,
    revision: 1,
    origin: draft.origin ?? origin,
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
    createdSeq: event.seq,
    createdEventId: event.id,
    contactId: null,
    erasedAt: null,
  };
  return rowOf(own, mergedOfDraft(sourced));
}

function grown(row: ActivityRow, sourced: SourcedDraft, now: Date): ActivityRow {
  const { draft } = sourced;
  const origin = row.origin === 'WEBHOOK' && draft.origin ? draft.origin : row.origin;
  return rowOf({ ...touched(row, sourced, now), origin }, merge(mergedOfRow(row), mergedOfDraft(saidOf(row, sourced))));
}

/** What it says of that activity, as far as it counts. */
function saidOf(row: ActivityRow, sourced: SourcedDraft): SourcedDraft {
  const { draft, own } = sourced;
  return row.origin === 'API' && own === undefined ? { ...sourced, draft: { ...draft, facts: measuredOf(draft) } } : sourced;
}

/**
 * Whether another source told it, and it adds nothing: what the list has of an activity that knows as much, and a webhook of what the list told
 * before it. What is dropped so could be merged at any time without a trace, so that neither order of the two shows.
 */
function isToldAlready(sourced: SourcedDraft, row: ActivityRow, isThere: (key: string) => boolean): boolean {
  const { event } = sourced.draft;
  const listKey = listKeyOf(event.key);
  if (!isListed(event) && (listKey === undefined || !isThere(eventKeyOf(row.id, listKey)))) return false;
  return event.kind === 'STATUS' && !addsTo(mergedOfRow(row), mergedOfDraft(saidOf(row, sourced)));
}

/** What a provider may still tell of what we sent: whom it went to and what it said we know ourselves. */
function measuredOf({ facts: { durationSeconds } }: ActivityDraft): ActivityDraft['facts'] {
  return durationSeconds === undefined ? {} : { durationSeconds };
}

/** With one event more, which says nothing of it but what the provider calls it. */
function touched(row: ActivityRow, { draft }: SourcedDraft, now: Date): ActivityRow {
  return { ...row, externalId: row.externalId ?? draft.externalId, revision: row.revision + 1, updatedAt: now.toISOString() };
}

/** Its contact is found anew where the other party's address changed, or where more is said of that party. */
function withContact(
  row: ActivityRow,
  before: ActivityRow | undefined,
  { draft, receivedAt }: SourcedDraft,
  contacts: ContactPlan,
): ActivityRow {
  if (before && !draft.party && counterpartOf(before) === counterpartOf(row)) return row;
  const order = `${(draft.event.occurredAt ?? receivedAt).toISOString()} ${draft.event.key}`;
  return { ...row, contactId: contacts.of(row.organizationId, { identities: identitiesOf(row, draft), name: draft.party?.name, order }) };
}

/** When it happened: as it says, or as somebody said before it; else when we heard of it. */
function timeOf({ draft: { event }, receivedAt }: SourcedDraft, before: ActivityRow | undefined): Date {
  const told = event.status === null ? undefined : before?.milestones[event.status];
  return event.occurredAt ?? (told?.[1] === 0 ? new Date(told[0]) : receivedAt);
}

function consentsOf(organizationId: string, { draft }: SourcedDraft, at: Date): NewConsent[] {
  if (!draft.consent) return [];
  const { sender, service, address, optedOut, reason = '' } = draft.consent;
  const addressHash = addressHashOf(organizationId, draft.channel, address);
  const senders = [sender ?? '', ...(service === undefined ? [] : [service])];
  return senders.map((one) => ({ organizationId, channel: draft.channel, sender: one, addressHash, optedOut, reason, at }));
}

/**
 * On WhatsApp, where the time counts: a message that came in, or a reaction that was not taken back, which names no address of ours but the
 * message it is about. What the owner reacts with in the phone app is nothing heard.
 */
function heardOf(organizationId: string, { draft, origin }: SourcedDraft, at: Date, about: ActivityRow | undefined): Heard[] {
  const { channel, ours, facts, event, reaction, party } = draft;
  const sender = ours[0] ?? (reaction && about && oursOf(about));
  const wrote = facts.direction === 'INBOUND' && event.status === 'RECEIVED';
  if (channel !== Channel.WHATSAPP || !sender || origin === Origin.API || !(wrote || reaction?.emoji)) return [];
  const from = reaction?.from ?? facts.from;
  const writer = from === undefined ? undefined : identityOf(channel, from);
  const known = normalizeIdentities(party?.identities ?? []);
  if (reaction && party && !known.some(({ value }) => value === writer?.value)) return [];
  const identities = [writer, ...known];
  const hashes = new Set(identities.filter((one) => one !== undefined).map((one) => addressHashOf(organizationId, channel, one.value)));
  return [...hashes].map((addressHash) => ({ organizationId, channel, sender, addressHash, at }));
}

/** With the account in front of what it answers: a reference is unique within its provider account. We name what we answer by our own id. */
function mergedOfDraft({ draft, accountId, receivedAt, own }: SourcedDraft): Merged {
  const { replyTo } = draft.facts;
  return mergedOf(
    replyTo === undefined || own !== undefined ? draft : { ...draft, facts: { ...draft.facts, replyTo: `${accountId} ${replyTo}` } },
    receivedAt,
  );
}
