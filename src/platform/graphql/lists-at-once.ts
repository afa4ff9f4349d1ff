import pLimit, { type LimitFunction } from 'p-limit';
import { type GraphqlContext } from './graphql-context.js';

/** Of one operation. */
const MOST = 2;
/** Of one credential: those of others find a turn beside it. */
const MOST_OF_ONE = 4;
/** Of all operations of the process: a pool has eight connections at least, and who asks is looked up by it too. */
const MOST_OF_ALL = 6;
const LISTS = Symbol('lists');

const ofAll = pLimit(MOST_OF_ALL);
const byCredential = new Map<string, { readonly limit: LimitFunction; waiting: number }>();

/** Reads a list, when its turn comes: one operation that asks for hundreds (each contact's activities) leaves connections to everybody else. */
export function readList<T>({ loaders, rateKey }: GraphqlContext, read: () => Promise<T>): Promise<T> {
  const known = loaders.get(LISTS) as LimitFunction | undefined;
  const limit = known ?? pLimit(MOST);
  if (!known) loaders.set(LISTS, limit);
  return limit(() => readOfOne(rateKey, () => ofAll(read)));
}

function readOfOne<T>(rateKey: string, read: () => Promise<T>): Promise<T> {
  const one = byCredential.get(rateKey) ?? { limit: pLimit(MOST_OF_ONE), waiting: 0 };
  byCredential.set(rateKey, one);
  one.waiting++;
  return one.limit(read).finally(() => {
    if (!--one.waiting) byCredential.delete(rateKey);
  });
}
