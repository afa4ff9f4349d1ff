import { Direction } from '../adapters/channel.js';
import { Origin } from '../adapters/origin.js';
import { type ListedItem } from '../adapters/provider-list.js';
import { type OpenAttempt } from '../sends/open-attempts.sql.js';
import { mayBeOf } from './match-attempts.js';

/** What we have of listed items. */
export interface KnownItems {
  /** By the directory's value, of the same account: whose it is, and how we learnt of it. */
  readonly references: ReadonlyMap<string, { readonly activityId: string; readonly origin: Origin }>;
  /** By `CHANNEL:address`: whose senders they are. */
  readonly senders: ReadonlyMap<string, string>;
  /** Whether somebody takes what nobody claims. */
  readonly takesAll: boolean;
}

export const valueOf = ({ about: { reference, externalId } }: ListedItem): string | undefined => reference ?? externalId ?? undefined;

/** The first of our addresses that an item names; undefined for none. */
export function senderOf({ about: { channel, ours } }: ListedItem, { senders }: KnownItems): string | undefined {
  return ours.find((address) => senders.has(`${channel}:${address}`));
}

function organizationOf(item: ListedItem, known: KnownItems): string | undefined {
  const sender = senderOf(item, known);
  return sender === undefined ? undefined : known.senders.get(`${item.about.channel}:${sender}`);
}

/**
 * The items that are to be recorded, the oldest first: what an activity is known for already, and what is ours and new. Not what may be an attempt's
 * whose id we do not know, nor the second leg of a call of ours, which is told of with the first; nor what would find nobody.
 */
export function siftItems(items: readonly ListedItem[], known: KnownItems, open: readonly OpenAttempt[]): readonly ListedItem[] {
  const kept = new Set<string>();
  return items
    .filter(({ events }) => events.length)
    .toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
    .filter((item) => {
      const value = valueOf(item);
      if (value === undefined) return false;
      const stays = known.references.has(value) || isNew(item, known, open, kept);
      if (stays) kept.add(value);
      return stays;
    });
}

/** Whether there is anything that may be an attempt's. */
export function mayBeOurs(items: readonly ListedItem[], { references }: KnownItems): boolean {
  return items.some((item) => item.about.facts.direction === Direction.OUTBOUND && !references.has(valueOf(item) ?? ''));
}

function isNew(item: ListedItem, known: KnownItems, open: readonly OpenAttempt[], kept: ReadonlySet<string>): boolean {
  const { parent } = item.about;
  const parentOrigin = parent === undefined ? undefined : known.references.get(parent)?.origin;
  if (parentOrigin === Origin.API) return false;
  const organizationId = organizationOf(item, known);
  if (open.some((attempt) => mayBeOf(attempt, item, organizationId))) return false;
  const isPart = parentOrigin !== undefined || (parent !== undefined && kept.has(parent));
  return organizationId !== undefined || isPart || (known.takesAll && item.about.ours.length > 0);
}
