import { type ActivityDraft, type DraftIdentity } from '../adapters/activity-draft.js';
import { identityOf, normalizeIdentities } from '../contacts/identity.js';
import { type ActivityRow } from './activity-row.js';

type Addressed = Pick<ActivityRow, 'channel' | 'direction' | 'from' | 'to'>;

/** The other party's address; empty while no event told it. */
export function counterpartOf({ direction, from, to }: Addressed): string {
  return direction === 'INBOUND' ? from : to;
}

/** All that identifies the other party of an activity, by its address and by what an item adds. */
export function identitiesOf(row: Addressed, { party }: ActivityDraft): readonly DraftIdentity[] {
  const address = identityOf(row.channel, counterpartOf(row));
  return normalizeIdentities([...(address ? [address] : []), ...(party?.identities ?? [])]);
}
