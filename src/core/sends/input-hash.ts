import { hash } from 'node:crypto';

/**
 * What two inputs are compared by: the same members with the same values, in whatever order; a member that is null is none, but for those of the client's own
 * `metadata`. Hexadecimal. It is kept with the send: made in another form it would refuse what a client repeats after an upgrade.
 */
export function inputHashOf({ metadata, ...input }: { readonly metadata?: unknown; readonly [name: string]: unknown }): string {
  return hash('sha256', JSON.stringify([ordered(input, false), ordered(metadata ?? null, true)]), 'hex');
}

function ordered(value: unknown, withNulls: boolean): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => ordered(item, withNulls));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined && (withNulls || member !== null));
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, ordered(member, withNulls)]));
}
