import { type DraftIdentity } from '../adapters/activity-draft.js';
import { identityName } from './identity.js';
import { type AskedIdentity, contactOf, type KnownContact, type KnownContacts } from './known-contacts.js';

export interface NewContact {
  readonly id: string;
  readonly organizationId: string;
  readonly profileName: string | null;
  readonly profileOrder: string;
}

export interface NewIdentity extends AskedIdentity {
  readonly contactId: string;
}

/** A newer name that a contact gave at a provider. */
export interface ProfileName {
  readonly contactId: string;
  readonly profileName: string;
  readonly profileOrder: string;
}

/** Two contacts that turn out to be one person. */
export interface ContactJoin {
  readonly organizationId: string;
  /** The older. */
  readonly keepId: string;
  readonly mergeId: string;
}

/** What an item says of the other party. */
export interface Party {
  readonly identities: readonly DraftIdentity[];
  readonly name: string | undefined;
  /** Of the event that says it: the greatest one's name counts. */
  readonly order: string;
}

/** Decides whose each activity is, item after item; touches nothing. Made anew for each plan. */
export class ContactPlan {
  readonly created = new Map<string, NewContact>();
  readonly identities: NewIdentity[] = [];
  readonly names = new Map<string, ProfileName>();
  /** Where there are any, the plan is good for nothing else: they come first, and all is planned again. */
  readonly joins: ContactJoin[] = [];
  /** Identities it would have to know about; where there are any, the plan is good for nothing else. */
  readonly missing = new Map<string, AskedIdentity>();
  /** The `merges` that what was used of each organization stands on. */
  readonly merges = new Map<string, number>();
  private readonly absorbed = new Map<string, string>();
  /** Whose the identities are that were used, by organization and `identityName`. */
  readonly resolved = new Map<string, Map<string, KnownContact>>();

  constructor(
    private readonly known: KnownContacts,
    private readonly newId: () => string,
    /** Called when somebody the organization knows is to be shown otherwise: a name, another identity. */
    private readonly changed: (organizationId: string, contactId: string, what: 'named' | 'linked') => void,
  ) {}

  /** The contact of these identities, made where there is none; null where they identify nobody. */
  of(organizationId: string, party: Party): string | null {
    const found = new Map<string, KnownContact>();
    const bare: DraftIdentity[] = [];
    for (const identity of party.identities) {
      const contact = this.resolved.get(organizationId)?.get(identityName(identity)) ?? contactOf(this.known, organizationId, identity);
      if (contact === undefined)
        this.missing.set(`${organizationId} ${identityName(identity)}`, { organizationId, kind: identity.kind, value: identity.value });
      else if (contact) found.set(contact.id, contact);
      else bare.push(identity);
    }
    if (this.missing.size || !party.identities.length) return null;
    this.merges.set(organizationId, this.known.get(organizationId)!.merges);
    // One that is made here is younger than any that is there.
    const [first, ...others] = [...found.values()].sort((a, b) => this.age(a).localeCompare(this.age(b)));
    let contact = first ? this.renamed(organizationId, first, party) : this.create(organizationId, party);
    for (const other of others)
      if (this.created.has(other.id)) contact = this.absorb(organizationId, contact, other);
      else this.joins.push({ organizationId, keepId: contact.id, mergeId: other.id });
    for (const identity of bare) this.give(organizationId, contact, identity);
    for (const identity of party.identities) this.resolve(organizationId, identity, contact);
    return contact.id;
  }

  /** What became of a contact that was made here and turned out to be another. */
  final(contactId: string | null): string | null {
    return contactId === null ? null : (this.absorbed.get(contactId) ?? contactId);
  }

  private age({ id }: KnownContact): string {
    return `${this.created.has(id) ? 1 : 0} ${id}`;
  }

  /** One made here was never written, so nothing of it has to be moved. */
  private absorb(organizationId: string, keep: KnownContact, other: KnownContact): KnownContact {
    this.created.delete(other.id);
    for (const [id, into] of this.absorbed) if (into === other.id) this.absorbed.set(id, keep.id);
    this.absorbed.set(other.id, keep.id);
    const { profileName, profileOrder } = other;
    const kept = this.renamed(organizationId, keep, { identities: [], name: profileName ?? undefined, order: profileOrder });
    const resolved = this.resolved.get(organizationId);
    resolved?.forEach((contact, name) => {
      if (contact.id === other.id) resolved.set(name, kept);
    });
    this.identities.forEach((identity, i) => {
      if (identity.contactId !== other.id) return;
      this.identities[i] = { ...identity, contactId: keep.id };
      if (!this.created.has(keep.id)) this.changed(organizationId, keep.id, 'linked');
    });
    return kept;
  }

  private create(organizationId: string, { name, order }: Party): KnownContact {
    const [profileName, profileOrder] = name === undefined ? [null, ''] : [name, order];
    const contact = { id: this.newId(), name: null, profileName, profileOrder };
    this.created.set(contact.id, { id: contact.id, organizationId, profileName, profileOrder });
    return contact;
  }

  private give(organizationId: string, { id }: KnownContact, identity: DraftIdentity): void {
    this.identities.push({ organizationId, kind: identity.kind, value: identity.value, contactId: id });
    if (!this.created.has(id)) this.changed(organizationId, id, 'linked');
  }

  /** With the name the party gave, where that is the newest. */
  private renamed(organizationId: string, contact: KnownContact, { name, order }: Party): KnownContact {
    if (name === undefined || order <= contact.profileOrder) return contact;
    const named = { profileName: name, profileOrder: order };
    const made = this.created.get(contact.id);
    if (made) this.created.set(contact.id, { ...made, ...named });
    else {
      this.names.set(contact.id, { contactId: contact.id, ...named });
      if (contact.name === null && contact.profileName !== name) this.changed(organizationId, contact.id, 'named');
    }
    return { ...contact, ...named };
  }

  private resolve(organizationId: string, identity: DraftIdentity, contact: KnownContact): void {
    let mine = this.resolved.get(organizationId);
    if (!mine) this.resolved.set(organizationId, (mine = new Map<string, KnownContact>()));
    mine.set(identityName(identity), contact);
  }
}
