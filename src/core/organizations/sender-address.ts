import { domainToASCII } from 'node:url';
import { Channel, Provider } from '../adapters/channel.js';
import { mailboxName, withDomain } from '../adapters/mailbox.js';

/** Who may carry a channel; the first is the default. */
const CARRIERS: Record<Channel, readonly Provider[]> = {
  VOICE: [Provider.TWILIO],
  SMS: [Provider.TWILIO],
  WHATSAPP: [Provider.TWILIO, Provider.META],
  EMAIL: [Provider.SENDGRID, Provider.TWILIO],
};

const E164 = /^\+[1-9]\d{5,14}$/;
const SHORT_CODE = /^\d{3,8}$/;
/** A sender id of letters: up to 11 characters, at least one a letter (Twilio, Alphanumeric Sender ID). */
const WORD = /^(?=.*[A-Za-z])[A-Za-z0-9 &_+-]{1,11}$/;
/** An RCS agent. Source: Twilio docs, Send and receive RCS messages. */
const RCS_AGENT = /^rcs:(?=[A-Za-z])[A-Za-z0-9_-]{1,100}$/i;
const MESSAGING_SERVICE = /^MG[0-9a-fA-F]{32}$/;
const PHONE_NUMBER_ID = /^\d{9,20}$/;
const EMAIL = /^[^\s@,;<>]{1,64}@[^\s@,;<>]+\.[^\s@,;<>]+$/;
const DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/;

/** An address as we store and route by it, with who carries it; or what would be right. */
export type ReadAddress =
  | { readonly address: string; readonly provider: Provider }
  | { readonly field: 'address' | 'provider'; readonly problem: string };

/** Reads an address a person typed. Its form is checked, not its validity: providers deliver from numbers no list knows. */
export function readSenderAddress(channel: Channel, typed: string, provider: Provider | null | undefined): ReadAddress {
  const text = typed.trim();
  const isNumberId = channel === Channel.WHATSAPP && PHONE_NUMBER_ID.test(text);
  const carrier = provider ?? (isNumberId ? Provider.META : CARRIERS[channel][0]!);
  if (!CARRIERS[channel].includes(carrier))
    return { field: 'provider', problem: `provider of ${channel} must be ${CARRIERS[channel].join(' or ')}.` };
  const address = carrier === Provider.META ? (isNumberId ? text : undefined) : READ[channel](text);
  return address === undefined
    ? { field: 'address', problem: `address must be ${carrier === Provider.META ? 'a Meta phone number id (digits)' : WANTED[channel]}.` }
    : { address, provider: carrier };
}

const WANTED: Record<Channel, string> = {
  VOICE: 'a phone number in E.164, such as +15005550006',
  SMS: 'a phone number in E.164, such as +15005550006, a short code, a sender id of up to 11 letters and digits, an RCS agent (rcs:…), or a Messaging Service SID (MG…)',
  WHATSAPP: 'a phone number in E.164, such as +15005550006',
  EMAIL: 'an email address, or a domain such as example.com',
};

const READ: Record<Channel, (text: string) => string | undefined> = {
  VOICE: readNumber,
  SMS: (text) =>
    readNumber(text) ?? readAgent(text) ?? (SHORT_CODE.test(text) || MESSAGING_SERVICE.test(text) || WORD.test(text) ? text : undefined),
  WHATSAPP: (text) => readNumber(text.replace(/^whatsapp:/i, '')),
  EMAIL: (text) => {
    const name = mailboxName(text);
    return EMAIL.test(name) || DOMAIN.test(withDomain(name, domainToASCII)) ? name : undefined;
  },
};

/** Without what people put between the digits of a number. */
export function bareNumber(text: string): string {
  return text.replace(/[\s().-]/g, '').replace(/^00/, '+');
}

function readAgent(text: string): string | undefined {
  return RCS_AGENT.test(text) ? text.replace(/^rcs/i, 'rcs') : undefined;
}

function readNumber(text: string): string | undefined {
  const bare = bareNumber(text);
  return E164.test(bare) ? bare : undefined;
}
