import { type KnownContacts } from '../contacts/known-contacts.js';
import { type ActivityRow } from './activity-row.js';
import { ownIdOf, type SourcedDraft } from './sourced-draft.js';

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

/** The activity of ours that the provider names by our own id. */
export function ownActivityOf({ draft, provider }: SourcedDraft, known: Known): ActivityRow | undefined {
  const id = ownIdOf(draft);
  const row = id === undefined ? undefined : known.activities.get(id);
  return row?.provider === provider && row.channel === draft.channel ? row : undefined;
}
