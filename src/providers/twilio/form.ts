import { isAscii } from 'node:buffer';

/** The parameters of a request: each name with its values, in the order they came. A Map, because a name may be `__proto__`. */
export type WebhookParameters = ReadonlyMap<string, readonly string[]>;

/** Parameters of a request: Twilio gives some dozens. */
const MOST = 20_000;

/**
 * Reads application/x-www-form-urlencoded bytes as the URL Standard does: `+` and `%20` are spaces, an escape that is none stays as it
 * is, what is not UTF-8 becomes U+FFFD, and empty names and values count. Those after the 20,000th are one name, for whoever has not signed may send
 * a million: no signature holds over it. Never throws.
 * By hand, because `querystring.parse` stops at 1,000 parameters (those after it are signed too), and URLSearchParams takes a leading `?`
 * for a URL's, reads `%FFñ` wrong on Node 20, and is slower where much is escaped (20 against 47 µs for a body of 18 kB, November 2026;
 * 4 µs either way for a text message).
 */
export function parseForm(body: Buffer): WebhookParameters {
  const decode = isAscii(body) ? asciiDecoder() : decodeBytes;
  const text = body.toString('latin1').replaceAll('+', ' ');
  const parameters = new Map<string, string[]>();
  for (let start = 0, end: number, read = 0, equals = text.indexOf('='); start < text.length; start = end + 1) {
    end = text.indexOf('&', start);
    if (end < 0) end = text.length;
    if (end === start) continue;
    if (++read > MOST) {
      parameters.set(text.slice(start), ['']);
      break;
    }
    // Where none follows it is not looked for again: a body of names alone would be read once for each of them.
    if (equals >= 0 && equals < start) equals = text.indexOf('=', start);
    const hasValue = equals >= start && equals < end;
    const name = decode(text.slice(start, hasValue ? equals : end));
    const value = hasValue ? decode(text.slice(equals + 1, end)) : '';
    const values = parameters.get(name);
    if (values) values.push(value);
    else parameters.set(name, [value]);
  }
  return parameters;
}

/** decodeURIComponent is the fast way, but throws at what is no escape or no UTF-8, which costs as much as twenty that are: so once alone in a body. */
function asciiDecoder(): (text: string) => string {
  let isSound = true;
  return (text) => {
    if (!text.includes('%')) return text;
    try {
      if (isSound) return decodeURIComponent(text);
    } catch {
      isSound = false;
    }
    return decodeBytes(text);
  };
}

/** `text` holds one byte a character. */
function decodeBytes(text: string): string {
  const unescaped = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(unescaped, 'latin1').toString('utf8');
}
