import DataLoader from 'dataloader';
import { type GraphqlContext } from './graphql-context.js';

/**
 * The loader of that name for this operation: what its fields ask for in one tick is read in one batch, and a query reads nothing
 * twice. A subscription is one long operation, so there nothing is remembered.
 */
export function loaderOf<K, V>(
  context: GraphqlContext,
  name: symbol,
  read: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>,
  missing: V,
): DataLoader<K, V> {
  const known = context.loaders.get(name) as DataLoader<K, V> | undefined;
  if (known) return known;
  const loader = new DataLoader<K, V>(
    async (keys) => {
      const found = await read(keys);
      return keys.map((key) => found.get(key) ?? missing);
    },
    { cache: context.socket === undefined },
  );
  context.loaders.set(name, loader);
  return loader;
}
