import { hash } from 'node:crypto';

/** What two inputs are compared by: the same members with the same values, in whatever order; a member that is null is none. Hexadecimal. */
export function inputHashOf(input: unknown): string {
  return hash('sha256', JSON.stringify(ordered(input)), 'hex');
}

function ordered(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, ordered(member)]);
}
