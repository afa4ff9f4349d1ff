import { replaceUnstorable } from '../../core/adapters/storable-text.js';
import { type Mail } from './mail.js';
import { type MailForm } from './mail-form.js';
import { jsonOf, textsOf } from './read-mail.js';

/** Who sent a mail to whom, as the servers told each other. Addresses in lower case, each once. */
export interface Envelope {
  readonly to: readonly string[];
  /** How many more than `to` may have it names. */
  readonly others: number;
  readonly from: string | undefined;
}

/** RFC 5321: 64 characters before the `@`, 255 after it. */
const MAX_ADDRESS_LENGTH = 320;
const IS_ADDRESS = /[^@]@+[^@]/;
/** RFC 5321 lets what is before the `@` stand in quotes, with blanks in it. */
const PART = /(?<![^\s<,;:(])"(?:[^"\\]|\\.){1,64}"@[^\s<>,;:"()]+|[^\s<>,;:"()]+/g;
/** RFC 5321: a server takes at least 100 in one go. */
const MAX_RECIPIENTS = 200;

/** Where the form has no envelope, or one that names nobody, its `to` and `cc` stand in, and the headers' `To` where it has neither. */
export function envelopeOf(form: MailForm, { headers }: Mail): Envelope {
  const { to, from } = jsonOf(form.fields.get('envelope'));
  const told = Array.isArray(to) ? addressesIn(to.filter((address) => typeof address === 'string').join(' ')) : [];
  const texts = textsOf(form);
  const written = [texts('to') ?? headers.get('to'), texts('cc') ?? headers.get('cc')].join(' ');
  const all = told.length ? told : addressesIn(written);
  return {
    to: all.slice(0, MAX_RECIPIENTS),
    others: Math.max(0, all.length - MAX_RECIPIENTS),
    from: typeof from === 'string' ? addressesIn(from)[0] : undefined,
  };
}

function addressesIn(text: string): readonly string[] {
  // Without the `@` in the expression: where none follows, it would look for one from every character on.
  const found = [...text.matchAll(PART)].map(([part]) => part).filter((part) => part.length <= MAX_ADDRESS_LENGTH && IS_ADDRESS.test(part));
  return [...new Set(found.map((address) => replaceUnstorable(address.toLowerCase())))];
}
