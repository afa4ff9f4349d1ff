import { type ActivityDraft, type DraftIdentity } from '../adapters/activity-draft.js';
import { identityOf, normalizeIdentities } from '../contacts/identity.js';
import { type ActivityRow } from './activity-row.js';

type Addressed = Pick<ActivityRow, 'channel' | 'direction' | 'from' | 'to'>;

/** The other party's address; empty while no event told it. */
export function counterpartOf({ direction, from, to }: Addressed): string {
  return direction === 'INBOUND' ? from : to;
}

/** The address of ours; empty while no event told it. */
export function oursOf({ direction, from, to }: Addressed): string {
  return direction === 'INBOUND' ? to : from;
}

/** All that identifies the other party of an activity, by its address, unless that is another's, and by what an item adds; nothing where that is a group. */
export function identitiesOf(row: Addressed, { party, toGroup }: ActivityDraft): readonly DraftIdentity[] {
  if (toGroup) return [];
  const address = party?.byAnother ? undefined : identityOf(row.channel, counterpartOf(row));
  return normalizeIdentities([...(address ? [address] : []), ...(party?.identities ?? [])]);
}

/** Whether a draft is about another than the one the activity is to: somebody in copy. False while no event told whom it is to. */
export function isOfAnother({ recipient, channel }: ActivityDraft, row: Addressed): boolean {
  const to = counterpartOf(row);
  // Nearly always it is spelled as it was.
  if (recipient === undefined || !to || recipient === to) return false;
  const spelled = (address: string) => identityOf(channel, address)?.value ?? address;
  return spelled(recipient) !== spelled(to);
}
