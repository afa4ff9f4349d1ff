import parsePhoneNumber from 'libphonenumber-js/min';
import { type Language } from '../../platform/graphql/graphql-context.js';
import { IdentityKind } from '../adapters/activity-draft.js';
import { type Channel } from '../adapters/channel.js';
import { BSUID, canonicalNumber, E164, normalizeIdentity, spellingsOfEmail, spellingsOfNumber } from './identity.js';
import { bareNumber } from '../organizations/sender-address.js';

/** A number with its country, as WhatsApp writes it. */
const DIGITS = /^[1-9]\d{10,14}$/;
const SHORT_CODE = /^\d{3,8}$/;
const EMAIL = /^[^\s@,;<>"\p{Cc}\p{Surrogate}]{1,64}@(?:[^\s@,;<>".\p{Cc}\p{Surrogate}]+\.)+[^\s@,;<>".\p{Cc}\p{Surrogate}]{2,}$/u;

const WANTED: Record<Channel, Record<Language, string>> = {
  VOICE: { en: 'a phone number in E.164, such as +34600123456', es: 'un número de teléfono en E.164, como +34600123456' },
  SMS: {
    en: 'a phone number in E.164, such as +34600123456, or a short code',
    es: 'un número de teléfono en E.164, como +34600123456, o un número corto',
  },
  WHATSAPP: {
    en: 'a phone number in E.164, such as +34600123456, or a WhatsApp user id',
    es: 'un número de teléfono en E.164, como +34600123456, o un id de usuario de WhatsApp',
  },
  EMAIL: { en: 'an email address, such as ana@example.com', es: 'una dirección de correo, como ana@example.com' },
};

/** Whom a person typed, as we store and send to it; or what would be right. Its form is checked, not whether it is in use. */
export function readRecipient(
  channel: Channel,
  typed: string,
): { readonly address: string } | { readonly wanted: Record<Language, string> } {
  const address = READ[channel](typed.trim());
  return address === undefined ? { wanted: WANTED[channel] } : { address };
}

/** An email address in lower case; undefined for what is none. */
export function readEmail(text: string): string | undefined {
  const lower = text.trim().toLowerCase();
  return lower.length <= 320 && EMAIL.test(lower) ? lower : undefined;
}

/** An address as it was typed, and as it may be kept by a channel that it is an address of: each once. */
export function spellingsOf(typed: string): readonly string[] {
  const bare = typed.trim().replace(/^(?:tel|mailto|whatsapp):/i, '');
  const address = DIGITS.test(bare) ? `+${bare}` : bare;
  const kept = Object.values(READ).flatMap((read) => read(address) ?? []);
  const email = normalizeIdentity({ kind: IdentityKind.EMAIL, value: address });
  return [...new Set([typed, ...kept.flatMap(spellingsOfNumber), ...(email ? spellingsOfEmail(email.value) : [])])];
}

const READ: Record<Channel, (text: string) => string | undefined> = {
  VOICE: readNumber,
  SMS: (text) => readNumber(text) ?? (SHORT_CODE.test(text) ? text : undefined),
  WHATSAPP: (text) => {
    const address = text.replace(/^whatsapp:/i, '');
    return BSUID.test(address) ? address : readNumber(address);
  },
  EMAIL: readEmail,
};

function readNumber(text: string): string | undefined {
  const bare = bareNumber(text);
  return E164.test(bare) && isPossible(bare) ? bare : undefined;
}

const MOST_REMEMBERED = 10_000;
/** Who is written to once is so again, and judging a number costs more than all else that is read of a message. */
const judged = new Map<string, boolean>();

function isPossible(number: string): boolean {
  let possible = judged.get(number);
  if (possible === undefined) {
    // As it is dialled today: WhatsApp goes on writing the mobiles of Mexico with a 1 that numbers have lost.
    possible = parsePhoneNumber(canonicalNumber(number))?.isPossible() !== false;
    if (judged.size >= MOST_REMEMBERED) judged.clear();
    judged.set(number, possible);
  }
  return possible;
}
