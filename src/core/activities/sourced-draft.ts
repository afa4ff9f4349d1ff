import { type ActivityDraft, type DraftIdentity } from '../adapters/activity-draft.js';
import { Channel, type Provider } from '../adapters/channel.js';
import { mailboxName } from '../adapters/mailbox.js';
import { type Origin } from '../adapters/origin.js';
import { isUuid } from '../../platform/database/uuid.js';
import { type ActivityRow } from './activity-row.js';

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
  readonly activity?: ActivityRow | undefined;
  /** Where it tells of no activity, but that these are one person; of the draft its addresses alone count then. */
  readonly link?: readonly DraftIdentity[];
  /** Drafts of one delivery are recorded together or not at all; null of our own. */
  readonly deliveryId: string | null;
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
/** What it is part of, as `referenceOf`. */
export const parentOf = ({ provider, accountId, draft }: SourcedDraft): string | undefined =>
  draft.parent === undefined ? undefined : referenceName(provider, accountId, draft.parent);
/** Our own id of its activity. What is no id of ours may well stand in its place. */
export const ownIdOf = ({ activityId }: ActivityDraft): string | undefined =>
  activityId !== undefined && isUuid(activityId) ? activityId.toLowerCase() : undefined;
export const eventKeyOf = (activityId: string, key: string): string => `${activityId} ${key}`;
/** Our addresses that it names, as senders have them. */
export const addressesOf = ({ channel, ours }: ActivityDraft): string[] =>
  ours.map((address) => `${channel}:${channel === Channel.EMAIL ? mailboxName(address) : address}`);
