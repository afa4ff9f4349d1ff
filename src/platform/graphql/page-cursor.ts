import { badInput, type CodedError } from '../errors/coded-error.js';
import { isOfPlainYear } from './plain-year.js';

/** Where a list that is ordered by time and id was left: newest first, so what follows is older. */
export interface PageKey {
  readonly at: Date;
  readonly id: string;
}

const VERSION = 0x22;
const LENGTH = 24;

/** `list`: one letter for each list, so that the cursor of one is refused by another. */
export function encodePageCursor(list: string, { at, id }: PageKey): string {
  const bytes = Buffer.allocUnsafe(LENGTH);
  bytes[0] = VERSION;
  bytes[1] = list.charCodeAt(0);
  bytes.writeIntBE(at.getTime(), 2, 6);
  bytes.write(id.replaceAll('-', ''), 8, 'hex');
  return bytes.toString('base64url');
}

/** Throws BAD_USER_INPUT for what is no cursor of that list. */
export function decodePageCursor(list: string, text: string): PageKey {
  const bytes = /^[\w-]{32}$/.test(text) ? Buffer.from(text, 'base64url') : Buffer.alloc(0);
  if (bytes.length !== LENGTH || bytes[0] !== VERSION || bytes[1] !== list.charCodeAt(0)) throw notAPageCursor();
  const hex = bytes.toString('hex', 8);
  const at = new Date(bytes.readIntBE(2, 6));
  if (!isOfPlainYear(at)) throw notAPageCursor();
  return {
    at,
    id: [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-'),
  };
}

const NAMED_VERSION = 0x23;

/** Of a list that is ordered by ids which are a client's own text; `list` as for `encodePageCursor`. */
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
