import { type Json, type JsonObject } from '../adapters/activity-draft.js';

/** So short a text says nothing of whom it names. */
const SHORTEST_NEEDLE = 7;
/** Its digits are in others' numbers as well. */
const SHORT_CODE = /^\d{1,8}$/;

/** How a text in lower case names one of the addresses: as it is, of a number the digits alone, or as a URL or a form writes it. */
export function needlesOf(addresses: readonly string[]): readonly string[] {
  const lower = addresses.filter((address) => !SHORT_CODE.test(address)).map((address) => address.toLowerCase());
  const needles = new Set(lower.flatMap((address) => [address.replace(/^\+/, ''), inUrl(address), inForm(address)]));
  return [...needles].filter(({ length }) => length >= SHORTEST_NEEDLE);
}

const inUrl = (address: string): string => encodeURIComponent(address).toLowerCase();
const inForm = (address: string): string => new URLSearchParams([[address, '']]).toString().slice(0, -1).toLowerCase();

/**
 * Metadata without what names one of the addresses, of which `needlesOf` gives the needles: of a list of addresses its entries, of anything
 * else the value. A field of which nothing is left goes too. Undefined where nothing names them.
 */
export function withoutMentions(metadata: JsonObject, needles: readonly string[]): JsonObject | undefined {
  const names = new RegExp(needles.map(alone).join('|'), 'i');
  const left = needles.length ? withoutIn(metadata, names) : metadata;
  return left === metadata ? undefined : ((left ?? {}) as JsonObject);
}

/** Not a part of a longer one: xana@… and ana@example.com.mx are somebody else's, and so is a number with more digits. */
function alone(needle: string): string {
  if (/^\d+$/.test(needle)) return `(?<!\\d)${needle}(?!\\d)`;
  return `(?<![a-z0-9._%+-]|%2b)${needle.replace(/[^a-z0-9]/g, '\\$&')}(?![a-z0-9-]|\\.[a-z0-9])`;
}

/** The same value where nothing is taken away; undefined where nothing is left. */
function withoutIn(value: Json, names: RegExp): Json | undefined {
  if (typeof value === 'string') return names.test(value) ? withoutEntries(value, names) : value;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as Readonly<Record<string, Json>>);
  const left = entries.flatMap(([name, one]): [string, Json][] => {
    const rest = names.test(name) ? undefined : withoutIn(one, names);
    return rest === undefined ? [] : [[name, rest]];
  });
  if (left.length === entries.length && left.every(([, one], i) => one === entries[i]![1])) return value;
  if (!left.length) return undefined;
  return Array.isArray(value) ? left.map(([, one]) => one) : Object.fromEntries(left);
}

/** A quote that is never closed goes to the end: were it none, each after it would be looked for to the end as well. */
const ENTRY = /(?:"(?:[^"\\]|\\[^]?)*(?:"|$)|[^,])+/g;

/**
 * A header's list of addresses without some. A comma may stand in a name, quoted or not: what has no address belongs to the next that has one. A text that
 * ends without one is no such list, and goes whole.
 */
function withoutEntries(list: string, names: RegExp): string | undefined {
  const left: string[] = [];
  let entry: string[] = [];
  for (const part of list.match(ENTRY) ?? []) {
    entry.push(part);
    if (!part.includes('@')) continue;
    if (!entry.some((one) => names.test(one))) left.push(...entry);
    entry = [];
  }
  return entry.length ? undefined : left.join(',').trim() || undefined;
}
