import pLimit, { type LimitFunction } from 'p-limit';
import { type GraphqlContext } from './graphql-context.js';

/** Of one operation. */
const MOST = 2;
/** Of all operations of the process: a pool has eight connections at least, and who asks is looked up by it too. */
const MOST_OF_ALL = 6;
const LISTS = Symbol('lists');

const ofAll = pLimit(MOST_OF_ALL);

/** Reads a list, when its turn comes: one operation that asks for hundreds (each contact's activities) leaves connections to everybody else. */
export function readList<T>({ loaders }: GraphqlContext, read: () => Promise<T>): Promise<T> {
  const known = loaders.get(LISTS) as LimitFunction | undefined;
  const limit = known ?? pLimit(MOST);
  if (!known) loaders.set(LISTS, limit);
  return limit(() => ofAll(read));
}
