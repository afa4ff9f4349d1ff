import { type DraftIdentity } from '../adapters/activity-draft.js';
import { identityName } from './identity.js';

/** A contact as far as recording needs it. */
export interface KnownContact {
  readonly id: string;
  /** Given by a person of the organization. */
  readonly name: string | null;
  readonly profileName: string | null;
  /** The order key of the event that told `profileName`; empty for none. */
  readonly profileOrder: string;
}

/** An identity somebody asks about. */
export interface AskedIdentity extends DraftIdentity {
  readonly organizationId: string;
}

/**
 * What is known of one organization's contacts: by `identityName`, null where the identity is nobody's. It holds while the
 * organization's `merges` is the same.
 */
export interface KnownOrganization {
  readonly merges: number;
  readonly contacts: Map<string, KnownContact | null>;
  /** What was known before, with the same `merges`: looked into where `contacts` says nothing. */
  readonly before?: KnownOrganization;
}

/** By organization. */
export type KnownContacts = Map<string, KnownOrganization>;

/** Undefined where it was never asked. */
export function contactOf(known: KnownContacts, organizationId: string, identity: DraftIdentity): KnownContact | null | undefined {
  const name = identityName(identity);
  for (let layer = known.get(organizationId); layer; layer = layer.before) {
    const contact = layer.contacts.get(name);
    if (contact !== undefined) return contact;
  }
  return undefined;
}
