import { LATEST_SECOND } from '../../core/adapters/latest-second.js';
import { replaceUnstorable } from '../../core/adapters/storable-text.js';

/** A member of its own; undefined of what has no members. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

/** The text that members lead to, as it can be stored; a number as its digits. Empty is absent: Meta writes both. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = path.reduce(memberOf, value);
  if (typeof found === 'number') return String(found);
  return typeof found === 'string' && found !== '' ? replaceUnstorable(found) : undefined;
}

const MAX_ID_LENGTH = 300;

/** The same of an id; undefined also where it is too long to be one. */
export function idAt(value: unknown, ...path: readonly string[]): string | undefined {
  const id = textAt(value, ...path);
  return id !== undefined && id.length <= MAX_ID_LENGTH ? id : undefined;
}

export function listAt(value: unknown, name: string): readonly unknown[] {
  const found = memberOf(value, name);
  return Array.isArray(found) ? found : [];
}

/** Meta's clock: seconds since 1970, as text. Null where it sends none that can be read. */
export function timeOf(item: object): Date | null {
  const seconds = textAt(item, 'timestamp');
  if (seconds === undefined || !/^\d{1,12}$/.test(seconds) || Number(seconds) > LATEST_SECOND) return null;
  return new Date(Number(seconds) * 1000);
}
