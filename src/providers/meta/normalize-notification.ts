import { type ActivityDraft, type IdentityLink } from '../../core/adapters/activity-draft.js';
import { type NormalizedDelivery } from '../../core/adapters/channel-adapter.js';
import { type DeliveryProblem } from '../../core/adapters/delivery.js';
import { replaceUnstorable } from '../../core/adapters/storable-text.js';
import { isAboutOne } from './identities.js';
import { normalizeEcho, normalizeMessage } from './normalize-message.js';
import { normalizeStatus } from './normalize-status.js';
import { memberOf } from './payload-fields.js';
import { readChange, readEntry, readNotification } from './payload.schema.js';
import { numberOf } from './our-number.js';
import { type Place } from './place.js';
import { linkOfUpdate } from './system-message.js';

const WHATSAPP = 'whatsapp_business_account';
const MAX_NAME_LENGTH = 100;

type Normalized = ActivityDraft | IdentityLink | string | undefined;
type Normalize = (item: unknown, place: Place) => Normalized;
type Lists = readonly (readonly [list: string, normalize: Normalize])[];

/**
 * What we read of each webhook field we follow: its lists, in this order. Of any other field the delivery is kept, and that is all: of
 * `user_preferences` too, for who stops marketing messages may still be answered, and an opt-out here is of everything.
 */
const LISTS: ReadonlyMap<string, Lists> = new Map([
  [
    'messages',
    [
      ['messages', normalizeMessage],
      ['statuses', normalizeStatus],
    ],
  ],
  ['smb_message_echoes', [['message_echoes', normalizeEcho]]],
  ['user_id_update', [['user_id_update', linkOfUpdate]]],
]);

/**
 * A notification → its items: each message, status and echo of each change of each entry, counted in that order over all of them. They may
 * be of several numbers and organizations; one that cannot be read is a problem under its position, and costs the others nothing.
 */
export function normalizeNotification(payload: unknown): NormalizedDelivery {
  const drafts: ActivityDraft[] = [];
  const links: IdentityLink[] = [];
  const problems: DeliveryProblem[] = [];
  let index = 0;
  for (const item of itemsOf(payload)) {
    const normalized = typeof item === 'string' ? item : item(index);
    if (typeof normalized === 'string') problems.push({ index, message: normalized });
    else if (normalized) {
      if ('event' in normalized) drafts.push(normalized);
      else links.push(normalized);
    }
    index++;
  }
  return { drafts, problems, ...(links.length && { links }) };
}

/** An item, to be normalized at its position; or the sentence that says why what should hold items cannot be read. */
type Item = ((index: number) => Normalized) | string;

function* itemsOf(payload: unknown): Generator<Item> {
  const notification = readNotification(payload);
  if (typeof notification === 'string') yield notification;
  // An app's other products may be posted to the same address.
  if (typeof notification === 'string' || notification.object !== WHATSAPP) return;
  for (const one of notification.entry) {
    const entry = readEntry(one);
    if (typeof entry === 'string') yield entry;
    else for (const change of entry.changes) yield* itemsOfChange(change);
  }
}

function* itemsOfChange(one: unknown): Generator<Item> {
  const change = readChange(one);
  if (typeof change === 'string') {
    yield change;
    return;
  }
  const { value } = change;
  const [number, aboutOne] = [numberOf(value), isAboutOne(value)];
  const lists = LISTS.get(change.field);
  for (const [name, normalize] of lists ?? []) {
    const list = memberOf(value, name) ?? [];
    if (!Array.isArray(list)) yield `${name} must be array.`;
    else
      for (const item of list as unknown[])
        yield (index) => (typeof number === 'string' ? number : normalize(item, { index, value, aboutOne, ...number }));
  }
  for (const name of lists ? unknownLists(value, lists) : []) yield `The list ${name} is not known.`;
}

/** What a field that we follow may bring beside what we read of it: whom it is from, and what went wrong before there was a message. */
const BESIDE: ReadonlySet<string> = new Set(['contacts', 'errors']);

/** Lists that Meta has not told of: something came that nobody would see. */
function unknownLists(value: object, lists: Lists): string[] {
  const known = lists.map(([name]) => name);
  const names = Object.entries(value).flatMap(([name, list]) => (Array.isArray(list) && list.length ? [name] : []));
  return names
    .filter((name) => !known.includes(name) && !BESIDE.has(name))
    .map((name) => replaceUnstorable(name.slice(0, MAX_NAME_LENGTH)));
}
