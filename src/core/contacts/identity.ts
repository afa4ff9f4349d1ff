import { domainToASCII } from 'node:url';
import parsePhoneNumber from 'libphonenumber-js/min';
import { type DraftIdentity, IdentityKind } from '../adapters/activity-draft.js';
import { Channel } from '../adapters/channel.js';
import { mailboxName, withDomain } from '../adapters/mailbox.js';

export const E164 = /^\+[1-9]\d{6,14}$/;
/** A business-scoped user id: a country, perhaps a parent's mark, and up to 128 letters and digits. Source: Meta, Business-scoped user IDs. */
export const BSUID = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;
const EMAIL = /^[^\s@]+@[^\s@]+$/;
/** How carriers write a caller who withholds the number: in words, or as the digits that spell them. Source: Twilio, "What are unknown caller IDs". */
const WITHHELD = new Set([
  'anonymous', 'restricted', 'unavailable', 'unknown', 'private', 'blocked',
  'no caller id', 'caller id unavailable', 'out of area',
  '+266696687', '+7378742833', '+86282452253', '+8656696', '+464', '+2562533', '266696687', '7378742833', '86282452253', '8656696', '2562533',
]); // oxfmt-ignore

/** A country's code at the most, and no number after it. */
const NO_NUMBER = /^\+\d{0,3}$/;

/** The identity that an address of the other party is, as contacts are keyed by it; undefined for what identifies nobody. */
export function identityOf(channel: Channel, address: string): DraftIdentity | undefined {
  if (channel === Channel.EMAIL) return normalizeIdentity({ kind: IdentityKind.EMAIL, value: address });
  if (channel === Channel.WHATSAPP && BSUID.test(address)) return { kind: IdentityKind.WHATSAPP_BSUID, value: address };
  const phone = normalizeIdentity({ kind: IdentityKind.PHONE, value: address });
  if (phone || channel !== Channel.WHATSAPP) return phone;
  return normalizeIdentity({ kind: IdentityKind.WHATSAPP_ID, value: address });
}

/** One spelling for each identity; undefined for what identifies nobody: a withheld caller, a browser's client, a country's code alone, an empty text. */
export function normalizeIdentity({ kind, value }: DraftIdentity): DraftIdentity | undefined {
  const text = value.trim();
  switch (kind) {
    case IdentityKind.EMAIL:
      return EMAIL.test(text) && text.length <= 320 ? { kind, value: mailboxName(text) } : undefined;
    case IdentityKind.PHONE: {
      if (!text || NO_NUMBER.test(text) || isWithheld(text) || /^(sip|sips|client):|@/i.test(text) || text.length > 40) return undefined;
      return { kind, value: canonicalNumber(E164.test(text) ? text : (parsePhoneNumber(text)?.number ?? text)) };
    }
    case IdentityKind.WHATSAPP_ID:
    case IdentityKind.WHATSAPP_BSUID:
      return text && text.length <= 200 ? { kind, value: text } : undefined;
  }
}

/** An identity as deliveries and activities may have it, each spelling once. */
export function spellingsOfIdentity({ kind, value }: DraftIdentity): readonly string[] {
  if (kind === IdentityKind.EMAIL) return spellingsOfEmail(value);
  return kind === IdentityKind.PHONE ? spellingsOfNumber(value) : [value];
}

/** An email address as its mails may name it: its domain in its own letters and in those of the DNS, accents composed and decomposed. */
export function spellingsOfEmail(address: string): readonly string[] {
  return [...new Set([address, withDomain(address, domainToASCII)].flatMap((one) => [one, one.normalize('NFD')]))];
}

/** A number, and the other that rings the same mobile. */
export function spellingsOfNumber(number: string): readonly string[] {
  const today = canonicalNumber(number);
  const old = today
    .replace(/^\+52(?=\d{10}$)/, '+521')
    .replace(/^\+54(?=\d{10}$)/, '+549')
    .replace(/^(\+55\d{2})9(?=[6-9]\d{7}$)/, '$1');
  return [...new Set([number, today, old])];
}

/** Some carriers put the country's 1 before the digits. */
function isWithheld(text: string): boolean {
  return WITHHELD.has(text.toLowerCase()) || WITHHELD.has(text.replace(/^\+1(?=\d)/, '+'));
}

/** Those that identify somebody, each once. */
export function normalizeIdentities(identities: readonly DraftIdentity[]): readonly DraftIdentity[] {
  const found = new Map<string, DraftIdentity>();
  for (const identity of identities.map(normalizeIdentity)) if (identity) found.set(identityName(identity), identity);
  return [...found.values()];
}

/**
 * Of the mobiles that two numbers ring, one: Mexico's without the 1 after +52, Argentina's without the 9 after +54, Brazil's with the
 * ninth digit. WhatsApp writes some of them the old way. Source: WhatsApp, "About international phone number format".
 */
export function canonicalNumber(number: string): string {
  const mexican = /^\+521(\d{10})$/.exec(number);
  if (mexican) return `+52${mexican[1]}`;
  const argentine = /^\+549(\d{10})$/.exec(number);
  if (argentine) return `+54${argentine[1]}`;
  const brazilian = /^\+55(\d{2})([6-9]\d{7})$/.exec(number);
  if (brazilian) return `+55${brazilian[1]}9${brazilian[2]}`;
  return number;
}

/** An identity within its organization, as one text. */
export function identityName({ kind, value }: DraftIdentity): string {
  return `${kind} ${value}`;
}
