import pLimit, { type LimitFunction } from 'p-limit';
import { type GraphqlContext } from './graphql-context.js';

const MOST = 2;
const LISTS = Symbol('lists');

/** Reads a list: of one operation two at once, so that one that asks for hundreds (each contact's activities) leaves connections to everybody else. */
export function readList<T>({ loaders }: GraphqlContext, read: () => Promise<T>): Promise<T> {
  const known = loaders.get(LISTS) as LimitFunction | undefined;
  const limit = known ?? pLimit(MOST);
  if (!known) loaders.set(LISTS, limit);
  return limit(read);
}
