import { identityName } from './identity.js';
import { type AskedIdentity, type KnownContact, type KnownContacts } from './known-contacts.js';

/** So many times as many in a row must have been strangers as are supposed to be. */
const TIMES_SEEN = 4;

/**
 * Whether identities that this process has not seen are likely to be nobody's yet, so that they need not be asked about: the write finds out,
 * for an identity is one contact's. After a start they are mostly known; while new people write, they are not.
 */
export class Strangers {
  private inARow = 0;

  /** What the database said of identities that were asked about. */
  met(found: readonly { readonly contact: KnownContact | null }[]): void {
    for (const { contact } of found) this.inARow = contact ? 0 : this.inARow + 1;
  }

  /** The write failed, perhaps because one of those that were supposed to be strangers was none. */
  mistaken(): void {
    this.inARow = 0;
  }

  /** What is known, and that these are nobody's; undefined where that is not likely, or nothing is known of an organization. */
  suppose(known: KnownContacts, missing: readonly AskedIdentity[]): KnownContacts | undefined {
    if (missing.length * TIMES_SEEN > this.inARow) return undefined;
    const all: KnownContacts = new Map(known);
    for (const { organizationId, ...identity } of missing) {
      const before = known.get(organizationId);
      if (!before) return undefined;
      let layer = all.get(organizationId)!;
      if (layer === before) all.set(organizationId, (layer = { merges: before.merges, contacts: new Map(), before }));
      layer.contacts.set(identityName(identity), null);
    }
    return all;
  }
}
