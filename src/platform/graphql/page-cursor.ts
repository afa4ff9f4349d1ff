import { hash } from 'node:crypto';
import { badInput, type CodedError } from '../errors/coded-error.js';
import { isOfPlainYear } from './plain-year.js';

/** Where a list that is ordered by time and id was left: newest first, so what follows is older. */
export interface PageKey {
  readonly at: Date;
  readonly id: string;
}

const VERSION = 0x24;
const OWNER_LENGTH = 4;
const NAME_LENGTH = 2 + OWNER_LENGTH;
const LENGTH = NAME_LENGTH + 6 + 16;

/** How the cursors of a list begin, so that those of one are refused by another. */
export type ListName = Buffer;

/** `letter`: one for each list; `organizationId`: whose it is, where it is one organization's. */
export function listName(letter: string, organizationId = ''): ListName {
  const owner = hash('sha256', organizationId, 'buffer').subarray(0, OWNER_LENGTH);
  return Buffer.concat([Buffer.from([VERSION, letter.charCodeAt(0)]), owner]);
}

export function encodePageCursor(list: ListName, { at, id }: PageKey): string {
  const bytes = Buffer.allocUnsafe(LENGTH);
  list.copy(bytes);
  bytes.writeIntBE(at.getTime(), NAME_LENGTH, 6);
  bytes.write(id.replaceAll('-', ''), NAME_LENGTH + 6, 'hex');
  return bytes.toString('base64url');
}

/** Throws BAD_USER_INPUT for what is no cursor of that list. */
export function decodePageCursor(list: ListName, text: string): PageKey {
  const bytes = /^[\w-]{38}$/.test(text) ? Buffer.from(text, 'base64url') : Buffer.alloc(0);
  if (bytes.length !== LENGTH || !bytes.subarray(0, NAME_LENGTH).equals(list)) throw notAPageCursor();
  const hex = bytes.toString('hex', NAME_LENGTH + 6);
  const at = new Date(bytes.readIntBE(NAME_LENGTH, 6));
  if (!isOfPlainYear(at)) throw notAPageCursor();
  return {
    at,
    id: [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-'),
  };
}

const NAMED_VERSION = 0x23;

/** Of a list that is ordered by ids which are a client's own text; `list`: a letter, as for `listName`. */
export function encodeNamedCursor(list: string, id: string): string {
  return Buffer.concat([Buffer.from([NAMED_VERSION, list.charCodeAt(0)]), Buffer.from(id)]).toString('base64url');
}

/** Throws BAD_USER_INPUT for what is no cursor of that list. */
export function decodeNamedCursor(list: string, text: string): string {
  const bytes = /^[\w-]{3,1000}$/.test(text) ? Buffer.from(text, 'base64url') : Buffer.alloc(0);
  if (bytes[0] !== NAMED_VERSION || bytes[1] !== list.charCodeAt(0) || bytes.includes(0)) throw notAPageCursor();
  return bytes.toString('utf8', 2);
}

function notAPageCursor(): CodedError {
  return badInput('after', 'after must be the `endCursor` of this list, or the `cursor` of one of its edges, not a cursor of the feed.');
}

/** A page's size. Throws BAD_USER_INPUT outside 1 to 200. */
export function readFirst(first: number | null | undefined, otherwise: number): number {
  const size = first ?? otherwise;
  if (size < 1 || size > 200) throw badInput('first', 'first must be from 1 to 200.');
  return size;
}
