import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** Names that say no more than that most bytes are ASCII, or that anything may be: letters and digits of each. Source: IANA, Character Sets; RFC 1428. */
const NAMES_OF_NONE: ReadonlySet<string> = new Set([
  ...[
    'utf8',
    'unicode11utf8',
    'ascii',
    'usascii',
    'ansix341968',
    'ansix341986',
    'iso646us',
    'iso646irv',
    'isoir6',
    'ibm367',
    'cp367',
    'csascii',
    'us',
  ],
  // iconv-lite takes these for charsets, and UTF-7 hides what would be seen.
  ...['utf7', 'utf7imap', 'unicode11utf7', 'csunicode11utf7', 'base64', 'hex'],
]);
/** What says Latin-1 is Windows-1252, as browsers have it: the same where Latin-1 has letters, and quotes and dashes elsewhere. */
const NAMES_OF_LATIN_1: ReadonlySet<string> = new Set([
  'iso88591',
  '88591',
  'latin1',
  'l1',
  'isoir100',
  'ibm819',
  'cp819',
  'csisolatin1',
  'binary',
]);
/** As far as a browser looks for it. Source: WHATWG, HTML, prescan a byte stream to determine its encoding. */
const LENGTH_OF_PRESCAN = 1_024;
/** Not of Unicode: it is none of that, where this is read. */
const CHARSET_OF_META = /<meta\s[^>]*?charset\s*=\s*["']?\s*(?!utf|ucs|unicode)([\w.:-]+)/i;

/** The charset that a name means; undefined where it is a name that tells nothing. One that nobody knows is as it is. */
export function charsetOf(name: string): string | undefined {
  const letters = name.toLowerCase().replace(/:\d{4}$|[^0-9a-z]/g, '');
  if (letters === '' || NAMES_OF_NONE.has(letters)) return undefined;
  return NAMES_OF_LATIN_1.has(letters) ? 'windows-1252' : name;
}

/** The text of bytes by the charset of that name, where anybody knows it. */
export function textIn(bytes: Buffer, name: string): string {
  return decoded(bytes, charsetOf(name)) ?? likelyText(bytes);
}

/**
 * The text of bytes whose charset nobody says, or wrongly UTF-8 or ASCII: UTF-8 where they are that, else what a document of HTML says of itself. What has
 * no letter in it that is of UTF-8, beyond ASCII, is of a program that says nothing better: such are of Windows-1252.
 */
export function likelyText(bytes: Buffer): string {
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  if (isUtf8(bytes)) return text;
  const told = CHARSET_OF_META.exec(bytes.toString('latin1', 0, LENGTH_OF_PRESCAN))?.[1];
  return decoded(bytes, charsetOf(told ?? '')) ?? (/[\u0080-\ufffc]/.test(text) ? text : iconv.decode(bytes, 'windows-1252'));
}

function decoded(bytes: Buffer, charset: string | undefined): string | undefined {
  if (charset === undefined) return undefined;
  if (iconv.encodingExists(charset)) return iconv.decode(bytes, charset);
  try {
    // It knows some that iconv-lite does not (iso-2022-jp), and takes Windows-1252 for Latin-1 on Node 20.
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return undefined;
  }
}
