import { formsOf } from '../activities/mentions.js';

/** What a sender id of letters is not: an address by its form, or longer than one. */
const IS_TELLING = /[@.:]|\d{6}|.{12}/;
/** Before an address that begins there: nothing, what is no part of one, or the end of what a form, JSON or PostgreSQL's escapes write a character by. */
const BEGIN = '(?:^|[^a-z0-9._%-]|%(?!2b)[0-9a-f]{2}|\\\\(?:[bfnrt]|[0-7]{3}|u[0-9a-f]{4}))';
const BEGIN_OF_NUMBER = BEGIN.replace('(?!2b)', '');
const END = '(?![a-z0-9-]|\\.[a-z0-9])';

/** A text as PostgreSQL's `encode(…, 'escape')` gives its bytes. */
export function escaped(text: string): string {
  const written = (byte: number): string => {
    if (byte === 0x5c) return '\\\\';
    return byte === 0 || byte > 0x7f ? `\\${byte.toString(8).padStart(3, '0')}` : String.fromCharCode(byte);
  };
  return [...Buffer.from(text)].map(written).join('');
}

/** An address as bytes in lower case may have it, and the regular expression of PostgreSQL's that finds it where it is no part of another. */
export interface WholeAddress {
  readonly needle: string;
  readonly whole: string;
}

/** Of each address in all its forms, but for what could be any word: a sender id of letters, or a short code. */
export function wholeAddresses(addresses: readonly string[]): readonly WholeAddress[] {
  return formsOf(addresses.filter((address) => IS_TELLING.test(address)))
    .map(escaped)
    .map((needle) => ({
      needle,
      whole: `${/^\d/.test(needle) ? BEGIN_OF_NUMBER : BEGIN}${needle.replace(/[^a-z0-9]/g, '\\$&')}${END}`,
    }));
}
