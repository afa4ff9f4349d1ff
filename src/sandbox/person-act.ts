import { SAMPLE_TYPES } from './sample-files.js';

/** What a person does: writes an SMS, on WhatsApp (by Twilio or Meta) or a mail, or calls. */
export interface PersonAct {
  /** The Twilio account it comes to; the sandbox's first, unless said. */
  readonly account?: string;
  readonly channel: 'SMS' | 'WHATSAPP' | 'EMAIL' | 'VOICE';
  readonly provider: 'TWILIO' | 'META' | 'SENDGRID';
  /** A number in E.164, or an email address. */
  readonly from: string;
  /** The sender's address: of Meta the id of a number. */
  readonly to: string;
  readonly body: string;
  readonly subject: string;
  /** The types of the files that come with an SMS or a WhatsApp message; by Meta the first alone. */
  readonly media: readonly string[];
}

/** What must be said of an act: the rest is an SMS without text. */
export type GivenAct = Partial<PersonAct> & Pick<PersonAct, 'from' | 'to'>;

/** Does it; the provider's id for it. */
export type Person = (act: GivenAct) => string;

const PROVIDERS = { SMS: ['TWILIO'], WHATSAPP: ['TWILIO', 'META'], EMAIL: ['SENDGRID'], VOICE: ['TWILIO'] } as const;

/** What was given as an act, the rest filled in, or the sentence that says what is wrong with it. */
export function readPersonAct(given: unknown): PersonAct | string {
  if (typeof given !== 'object' || given === null) return 'An act is an object.';
  const { channel = 'SMS', from, to, body = '', subject = '', media = [], provider, account } = given as Partial<PersonAct>;
  const providers = (PROVIDERS as Readonly<Record<string, readonly PersonAct['provider'][]>>)[channel];
  if (!providers) return `channel is one of ${Object.keys(PROVIDERS).join(', ')}.`;
  const carrier = provider ?? providers[0]!;
  if (!providers.includes(carrier)) return `${channel} comes by ${providers.join(' or ')}.`;
  if (![from, to, body, subject].every((text) => typeof text === 'string') || !from || !to)
    return 'from, to, body and subject are texts; the first two must be given.';
  if (!Array.isArray(media) || !media.every((type) => typeof type === 'string' && SAMPLE_TYPES.includes(type)))
    return `media is a list of types that there are samples of: ${SAMPLE_TYPES.join(', ')}.`;
  return { channel, provider: carrier, from, to, body, subject, media, ...(typeof account === 'string' && { account }) };
}
