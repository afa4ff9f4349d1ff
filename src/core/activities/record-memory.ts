import { type ContactPlan } from '../contacts/contact-plan.js';
import { type KnownContact, type KnownContacts } from '../contacts/known-contacts.js';
import { Strangers } from '../contacts/strangers.js';
import { type Known } from './known.js';
import { type RecordPlan } from './record-plan.js';
import { RecentReferences } from './recent-references.js';
import { addressesOf, referenceValueOf, type SourcedDraft } from './sourced-draft.js';

const MOST_SENDERS = 10_000;
const MOST_CONTACTS = 100_000;

/**
 * What this process has seen lately, so that recording need not ask what it can guess. A sender is taken away only by a process that starts outside of the
 * sandbox, which takes the sandbox's; that a reference is new is a guess, which the write checks.
 */
export class RecordMemory {
  private readonly senders = new Map<string, string>();
  private readonly references = new RecentReferences();
  /** Whose identities are, as far as this process has seen; each organization's hold while its `merges` is the same. */
  readonly contacts: KnownContacts = new Map();
  private contactsKept = 0;
  readonly strangers = new Strangers();

  /** What the database very likely knows of these drafts: their senders, and what they are about or nothing else. Undefined where that is not likely. */
  guess(drafts: readonly SourcedDraft[], defaultOrganization: string | undefined): Known | undefined {
    const likely = drafts.every(({ activity }) => activity) || drafts.every((sourced) => this.looksNew(sourced));
    if (!drafts.length || !likely) return undefined;
    return {
      references: new Map(),
      senders: this.senders,
      activities: new Map(drafts.flatMap(({ activity }) => (activity ? [[activity.id, activity]] : []))),
      eventKeys: new Set(),
      contacts: this.contacts,
      locked: undefined,
      defaultOrganization,
    };
  }

  /** Remembers what was read, and what became of the drafts. */
  learn(drafts: readonly SourcedDraft[], known: Known, { outcomes, contacts }: RecordPlan): void {
    if (known.senders !== this.senders) for (const [address, organizationId] of known.senders) put(this.senders, address, organizationId);
    drafts.forEach((sourced, i) => {
      const reference = referenceValueOf(sourced.draft);
      if (reference !== undefined && 'activityId' in outcomes[i]!) this.references.add(reference);
    });
    this.learnContacts(contacts);
  }

  /** After a restore nothing remembered need be true. */
  forget(): void {
    this.senders.clear();
    this.references.clear();
    this.contacts.clear();
    this.contactsKept = 0;
    this.strangers.mistaken();
  }

  /** What comes in tells of something new, unless it is said again; what a message of ours became tells of something known. */
  private looksNew(sourced: SourcedDraft): boolean {
    const { draft } = sourced;
    const reference = referenceValueOf(draft);
    // Of what a list has most is known, whoever recorded it.
    if (sourced.origin === 'RECONCILE') return false;
    if (draft.facts.direction !== 'INBOUND' || draft.activityId !== undefined) return false;
    if (reference === undefined || this.references.has(reference)) return false;
    // The most telling address alone: that a lesser one is somebody's does not say that this one is not another's.
    const [first] = addressesOf(draft);
    return first !== undefined && this.senders.has(first);
  }

  /** That an identity is nobody's is not remembered: another process may give it to somebody at any time. */
  learnContacts(plan: ContactPlan): void {
    if (this.contactsKept > MOST_CONTACTS) {
      this.contacts.clear();
      this.contactsKept = 0;
    }
    for (const [organizationId, merges] of plan.merges) {
      const contacts = plan.resolved.get(organizationId) ?? new Map<string, KnownContact>();
      let mine = this.contacts.get(organizationId);
      if (mine?.merges !== merges) this.contacts.set(organizationId, (mine = { merges, contacts: new Map() }));
      for (const [name, contact] of contacts) {
        if (mine.contacts.get(name) === contact) continue;
        mine.contacts.set(...copied([name, contact]));
        this.contactsKept++;
      }
    }
  }
}

/** A text that was cut from a webhook's body would keep all of that body. */
function copied(entry: [string, KnownContact]): [string, KnownContact] {
  return JSON.parse(JSON.stringify(entry)) as [string, KnownContact];
}

function put(map: Map<string, string>, key: string, value: string): void {
  if (map.size >= MOST_SENDERS && !map.has(key)) map.clear();
  map.set(key, value);
}
