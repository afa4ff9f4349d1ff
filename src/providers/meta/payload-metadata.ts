import { type Json, type JsonObject } from '../../core/adapters/activity-draft.js';
import { boundedText, boundedTexts } from '../../core/adapters/bounded-text.js';

const MOST_VALUES = 2_000;
const MOST_MEMBERS = 250;
const DEEPEST = 8;
const MAX_NAME_LENGTH = 200;
const MAX_TEXT_LENGTH = 16_000;
/** Of all texts together. */
const MOST_CHARACTERS = 64_000;
const CUT = '…';

/**
 * An item as Meta wrote it, under Meta's own names, but for the members in `elsewhere` (`text.body`) and what that leaves empty.
 * Bounded, so that no request can bloat a row: 2,000 values, 250 members of each object or list, 8 levels, names cut to 200 characters and
 * texts to 16,000, 64,000 together, the cut of a text or a list shown by an `…`. The kept delivery has them whole.
 */
export function metadataOf(item: object, elsewhere: readonly string[]): JsonObject {
  const told = new Set(elsewhere);
  let left = MOST_VALUES;
  const bounded = boundedTexts(MAX_TEXT_LENGTH, MOST_CHARACTERS);

  const keep = (value: unknown, path: string, depth: number): Json | undefined => {
    if (told.has(path) || left-- <= 0) return undefined;
    if (typeof value === 'string') return value === '' ? undefined : bounded(value);
    if (typeof value === 'number' || typeof value === 'boolean') return value;
    if (typeof value !== 'object' || value === null) return undefined;
    if (depth >= DEEPEST) return CUT;
    if (Array.isArray(value)) {
      const list: Json[] = value.slice(0, MOST_MEMBERS).flatMap((member) => keep(member, path, depth + 1) ?? []);
      if (list.length && (value.length > MOST_MEMBERS || left < 0)) list.push(CUT);
      return list.length ? list : undefined;
    }
    const members = membersOf(value, path && `${path}.`, depth + 1);
    return Object.keys(members).length ? members : undefined;
  };
  const membersOf = (value: object, prefix: string, depth: number): JsonObject => {
    const entries = Object.entries(value).slice(0, MOST_MEMBERS);
    // fromEntries defines members, so one named `__proto__` stays a member.
    return Object.fromEntries(
      entries.flatMap(([name, member]) => {
        const kept = keep(member, prefix + name, depth);
        return kept === undefined ? [] : [[boundedText(name, MAX_NAME_LENGTH), kept] as const];
      }),
    );
  };

  return membersOf(item, '', 1);
}
