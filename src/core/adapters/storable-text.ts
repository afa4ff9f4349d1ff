import { isStorable } from '../../platform/database/storable.js';
import { type Json } from './activity-draft.js';

const EACH_UNSTORABLE = /[\0\p{Surrogate}]/gu;
const REPLACEMENT = '\ufffd';

/**
 * The same text or JSON with U+0000 and lone surrogates replaced by U+FFFD, names of members included.
 * PostgreSQL's text and jsonb refuse the one, jsonb the other; a draft that kept them could never be stored.
 */
export function replaceUnstorable<T extends Json>(value: T): T;
export function replaceUnstorable(value: Json): Json {
  if (typeof value === 'string') return isStorable(value) ? value : value.replace(EACH_UNSTORABLE, REPLACEMENT);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => replaceUnstorable(item));
  // fromEntries defines members, so one named `__proto__` stays a member.
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [replaceUnstorable(name), replaceUnstorable(member)]));
}
