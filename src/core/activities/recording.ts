import { normalizeIdentities } from '../contacts/identity.js';
import { type Heard, type NewConsent } from '../contacts/consent.js';
import { ContactPlan } from '../contacts/contact-plan.js';
import { type NewEvent } from '../feed/append-events.sql.js';
import { type ActivityRow, namesErased, withoutCaller } from './activity-row.js';
import { type ContactChange, contactEvent } from './contact-event.js';
import { counterpartOf, identitiesOf, isOfAnother } from './counterpart.js';
import { eventOf, withoutStatus } from './drafted-event.js';
import { createdBy, grown, isToldAlready, touched } from './drafted-row.js';
import { type Known, ownActivityOf } from './known.js';
import { type Outcome } from './outcome.js';
import { type CreatedActivity, type GrownActivity, type NewReference, type RecordPlan } from './record-plan.js';
import { isLocked, isServed, route } from './route-draft.js';
import { eventKeyOf, ownIdOf, parentOf, referenceOf, referenceValueOf, type SourcedDraft } from './sourced-draft.js';
import { consentsOf, heardOf, timeOf } from './said-of-people.js';

/** Decides, and touches nothing: `newId` gives time-ordered ids, `now` is the time of recording. */
export function planRecording(drafts: readonly SourcedDraft[], known: Known, newId: () => string, now: Date): RecordPlan {
  return new Recording(known, newId, now).of(drafts);
}

/** What a draft makes or changes: known by a name, by our own id, or new. */
interface Subject {
  readonly organizationId: string;
  readonly activityId: string;
  /** What the directory calls it; undefined where the draft does not tell. */
  readonly name: string | undefined;
}

/** One recording, as far as it is planned. */
class Recording {
  private readonly references: Map<string, { organizationId: string; activityId: string }>;
  private readonly activities = new Map<string, ActivityRow>();
  private readonly eventKeys = new Set<string>();
  private readonly counts = new Map<string, number>();
  private readonly events: NewEvent[] = [];
  /** By activity: of those that were there, or were made before in this group. */
  private readonly growths = new Map<string, NewEvent[]>();
  private readonly creations = new Map<string, { event: NewEvent; reference: Omit<NewReference, 'value'> & { value: string | null } }>();
  private readonly htmls = new Map<string, string>();
  private readonly consents: NewConsent[] = [];
  private readonly heard: Heard[] = [];
  private readonly contacts: ContactPlan;
  private readonly found: NewReference[] = [];

  constructor(
    private readonly known: Known,
    private readonly newId: () => string,
    private readonly now: Date,
  ) {
    this.references = new Map(known.references);
    this.contacts = new ContactPlan(known.contacts, newId, (organizationId, contactId, what) =>
      this.events.push(this.contactEvent(organizationId, contactId, what)),
    );
  }

  of(drafts: readonly SourcedDraft[]): RecordPlan {
    const routes = drafts.map((sourced) => route(sourced, this.known));
    const putAside = new Set(drafts.filter((_, i) => isLocked(routes[i]!, this.known)).map((sourced) => sourced.deliveryId ?? ''));
    const first = drafts.map((sourced, i): Outcome => {
      if (putAside.has(sourced.deliveryId ?? '')) return { kind: 'LOCKED' };
      const routed = routes[i]!;
      return routed.kind === 'ROUTED' ? this.record(routed.organizationId, sourced) : routed;
    });
    // What names no address of ours may be about, or part of, an activity that the same group made.
    const outcomes = first.map((outcome, i): Outcome => {
      if (!('waitsFor' in outcome)) return outcome;
      const sourced = drafts[i]!;
      const made = this.references.get(referenceOf(sourced) ?? '') ?? this.references.get(parentOf(sourced) ?? '');
      return made && isServed(sourced, made.organizationId) ? this.record(made.organizationId, sourced) : outcome;
    });
    return this.planOf(outcomes);
  }

  private record(routedTo: string, sourced: SourcedDraft): Outcome {
    const { draft, link } = sourced;
    if (link) {
      this.contacts.of(routedTo, { identities: normalizeIdentities(link), name: undefined, order: '' });
      return { kind: 'NOTED' };
    }
    const subject = this.subjectOf(routedTo, sourced);
    if (!subject) return { kind: 'UNMATCHED', waitsFor: [] };
    const { organizationId, activityId } = subject;
    const before = this.activities.get(activityId) ?? this.known.activities.get(activityId);
    const key = eventKeyOf(activityId, draft.event.key);
    const erased = before ? namesErased(before) : this.isPartOfShell(sourced);
    const place = { organizationId, activityId, ...(erased && { erased }) };
    if (this.isThere(key)) return { kind: 'KNOWN', ...place };
    if (before?.erasedAt) {
      // That somebody is not to be written to outlives what was written. No event tells of it: its organization takes no seq, and is locked all the same.
      const consents = consentsOf(organizationId, sourced, timeOf(sourced, before));
      if (consents.length) this.counts.set(organizationId, this.counts.get(organizationId) ?? 0);
      this.consents.push(...consents);
      return { kind: 'KNOWN', ...place };
    }
    if (before && isToldAlready(sourced, before, (one) => this.isThere(one))) return { kind: 'KNOWN', ...place };
    this.eventKeys.add(key);

    const at = timeOf(sourced, before);
    this.consents.push(...consentsOf(organizationId, sourced, at));
    this.heard.push(...heardOf(organizationId, sourced, at, before));
    if (draft.html !== undefined) this.htmls.set(activityId, draft.html);
    const said = erased ? withoutMetadata(sourced) : sourced;
    if (before) this.grow(before, said);
    else this.create(subject, said, erased);
    return { kind: 'RECORDED', ...place };
  }

  private subjectOf(routedTo: string, sourced: SourcedDraft): Subject | undefined {
    const { draft, provider, accountId } = sourced;
    const name = referenceOf(sourced);
    const value = referenceValueOf(draft);
    const own = ownActivityOf(sourced, this.known);
    if (own) {
      const { organizationId, id: activityId } = own;
      // What was erased learns nothing more, an id of the provider's included.
      if (name !== undefined && value !== undefined && !own.erasedAt && !this.references.has(name)) {
        this.references.set(name, { organizationId, activityId });
        this.found.push({ provider, accountId, value, organizationId, activityId });
      }
      return { organizationId, activityId, name };
    }
    const reference = name === undefined ? undefined : this.references.get(name);
    if (reference) return { ...reference, name };
    const ownId = sourced.own === undefined ? undefined : ownIdOf(draft);
    if (value === undefined && ownId === undefined) return undefined;
    return { organizationId: routedTo, activityId: ownId ?? this.newId(), name };
  }

  private isThere(key: string): boolean {
    return this.known.eventKeys.has(key) || this.eventKeys.has(key);
  }

  /** Whether it is part of a call whose caller was erased, and comes from that number. */
  private isPartOfShell(sourced: SourcedDraft): boolean {
    const parent = this.references.get(parentOf(sourced) ?? '');
    const shell = parent && this.known.activities.get(parent.activityId);
    return !!shell?.erasedAt && !this.known.senders.has(`${sourced.draft.channel}:${sourced.draft.facts.from ?? ''}`);
  }

  private create({ organizationId, activityId, name }: Subject, sourced: SourcedDraft, erased: boolean): void {
    const { draft, provider, accountId } = sourced;
    const seq = this.takeSeq(organizationId);
    const event = eventOf(sourced, { organizationId, activityId, seq, id: this.newId(), created: true });
    const value = referenceValueOf(draft) ?? null;
    this.creations.set(activityId, { event, reference: { provider, accountId, value, organizationId, activityId } });
    const row = createdBy(sourced, event, this.now);
    this.activities.set(activityId, this.withContact(erased ? withoutCaller(row) : row, undefined, sourced));
    if (name !== undefined) this.references.set(name, { organizationId, activityId });
  }

  private grow(before: ActivityRow, sourced: SourcedDraft): void {
    const { id: activityId, organizationId } = before;
    const aside = isOfAnother(sourced.draft, before);
    const place = { organizationId, activityId, seq: this.takeSeq(organizationId), id: this.newId(), created: false };
    const event = eventOf(aside ? withoutStatus(sourced) : sourced, place);
    const growth = this.growths.get(activityId);
    if (growth) growth.push(event);
    else this.growths.set(activityId, [event]);
    this.activities.set(
      activityId,
      aside ? touched(before, sourced, this.now) : this.withContact(grown(before, sourced, this.now), before, sourced),
    );
  }

  /** Its contact is found anew where the other party's address changed, or where more is said of that party. */
  private withContact(row: ActivityRow, before: ActivityRow | undefined, { draft, receivedAt }: SourcedDraft): ActivityRow {
    if (before && !draft.party && counterpartOf(before) === counterpartOf(row)) return row;
    const order = `${(draft.event.occurredAt ?? receivedAt).toISOString()} ${draft.event.key}`;
    const identities = identitiesOf(row, draft);
    return { ...row, contactId: this.contacts.of(row.organizationId, { identities, name: draft.party?.name?.trim() || undefined, order }) };
  }

  private takeSeq(organizationId: string): number {
    const seq = (this.counts.get(organizationId) ?? 0) + 1;
    this.counts.set(organizationId, seq);
    return seq;
  }

  private contactEvent(organizationId: string, contactId: string, what: ContactChange): NewEvent {
    return { ...contactEvent(contactId, what, this.now), organizationId, seq: this.takeSeq(organizationId), id: this.newId() };
  }

  private planOf(outcomes: readonly Outcome[]): RecordPlan {
    const { contacts, consents, heard, events, htmls } = this;
    const created: CreatedActivity[] = [];
    const grown: GrownActivity[] = [];
    const references = this.found;
    for (const planned of this.activities.values()) {
      const contactId = contacts.final(planned.contactId);
      const row = contactId === planned.contactId ? planned : { ...planned, contactId };
      const made = this.creations.get(row.id);
      const growth = this.growths.get(row.id) ?? [];
      if (made) {
        const isAll = !growth.length && Date.parse(row.occurredAt) === made.event.occurredAt.getTime();
        created.push({ row, creation: isAll ? creationOf(made) : null });
        if (isAll) continue;
        events.push(made.event, ...growth);
        const { value, ...reference } = made.reference;
        if (value !== null) references.push({ ...reference, value });
      } else {
        const [event] = growth.length === 1 ? growth : [];
        grown.push({ before: this.known.activities.get(row.id)!, row, event: event ?? null });
        if (!event) events.push(...growth);
      }
    }
    // Of whom no activity tells, an event does: two identities may be said to be one person before that person writes.
    const told = new Set([...created, ...grown].map(({ row }) => row.contactId));
    for (const { id, organizationId } of contacts.created.values())
      if (!told.has(id)) events.push(this.contactEvent(organizationId, id, 'linked'));
    return {
      outcomes,
      created,
      grown,
      references,
      events,
      contacts,
      consents,
      heard,
      htmls: [...htmls].map(([activityId, html]) => ({ activityId, html })),
      taken: [...this.counts].map(([organizationId, count]) => ({ organizationId, count })),
    };
  }
}

function creationOf({ event, reference }: { event: NewEvent; reference: { accountId: string; value: string | null } }) {
  const { key, receivedAt, deliveryId } = event;
  return { key, receivedAt, deliveryId, accountId: reference.accountId, value: reference.value };
}

function withoutMetadata(sourced: SourcedDraft): SourcedDraft {
  return { ...sourced, draft: { ...sourced.draft, event: { ...sourced.draft.event, metadata: {} } } };
}
