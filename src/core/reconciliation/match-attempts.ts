import { Channel, Direction } from '../adapters/channel.js';
import { type ListedItem } from '../adapters/provider-list.js';
import { identityOf } from '../contacts/identity.js';
import { type OpenAttempt } from '../sends/open-attempts.sql.js';

/** What begins at one time here begins so near at the provider. */
export const NEAR_MS = 10 * 60_000;

/**
 * Whether an item of the list may be what an attempt made: between the same two addresses, at about the same time. Of an attempt whose person was
 * erased no address is left: then any of its organization may. `organizationId`: whose sender the item names, undefined for none.
 */
export function mayBeOf(attempt: OpenAttempt, item: ListedItem, organizationId: string | undefined): boolean {
  const { channel, facts, ours } = item.about;
  if (facts.direction !== Direction.OUTBOUND || channel !== attempt.channel) return false;
  if (Math.abs(item.createdAt.getTime() - attempt.attemptedAt.getTime()) > NEAR_MS) return false;
  if (attempt.erased) return organizationId === undefined || organizationId === attempt.organizationId;
  const spelled = (address: string): string => identityOf(channel, address)?.value ?? address;
  const to = spelled(facts.to ?? '');
  return ours.includes(attempt.from) && (to === spelled(attempt.to) || (attempt.agent !== null && to === spelled(attempt.agent)));
}

/** An attempt, and the item of the list that it made. */
export interface Match {
  readonly attempt: OpenAttempt;
  readonly item: ListedItem;
}

/**
 * Of the attempts that nobody knows the end of, those that one item alone can be of, which can be of no other. `unclaimed`: all that is listed to
 * these people around these times and is no activity's yet; `open`: all attempts without an id, those under way among them.
 */
export function matchAttempts(open: readonly OpenAttempt[], unclaimed: readonly ListedItem[]): readonly Match[] {
  const isAlike = (attempt: OpenAttempt, item: ListedItem, organizationId: string): boolean =>
    item.about.parent === undefined && mayBeOf(attempt, item, organizationId) && isSameText(attempt, item);
  return open.flatMap((attempt): Match[] => {
    if (attempt.underWay || attempt.erased) return [];
    const { organizationId } = attempt;
    const [item, ...others] = unclaimed.filter((one) => isAlike(attempt, one, organizationId));
    if (!item || others.length) return [];
    return open.some((other) => other !== attempt && isAlike(other, item, organizationId)) ? [] : [{ attempt, item }];
  });
}

/** A call's words are in no list; of somebody who was erased none are left. Of a template ours are not: its text is never the same. */
function isSameText({ channel, body, erased }: OpenAttempt, { about: { facts } }: ListedItem): boolean {
  return channel === Channel.VOICE || erased || (body ?? '').trim() === (facts.body ?? '').trim();
}
