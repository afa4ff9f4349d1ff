import { type OwnErrorCode } from '../activities/own-errors.js';
import { Channel } from '../adapters/channel.js';
import { type OutboundTemplate } from '../adapters/outbound.js';

/** The newest word on an address. */
interface Consent {
  readonly optedOut: boolean;
  /** What an email provider said against it; empty where a person said it. */
  readonly reason: string;
  readonly at: string;
}

/** What a send is judged by, as the database has it under the organization's lock. */
export interface SendFacts {
  /** The newest word on whether the address may be written to by that sender. */
  readonly consent: Consent | null;
  /** Of those in copy the first who may not be written to by that sender; none where nobody is in copy. */
  readonly copy?: (Consent & { readonly address: string }) | null;
  /** When that person last wrote to that sender, where the channel asks. */
  readonly heardAt: string | null;
  /** The newest activity of the conversation above the position that the writer had seen; null also where none was given. */
  readonly newer: { readonly activityId: string; readonly at: string } | null;
}

export interface Refusal {
  readonly code: Exclude<OwnErrorCode, 'NOT_SENT' | 'PERSON_ERASED' | 'SENDER_TAKEN' | 'FILE_GONE'>;
  /** What a client is told beside the words. */
  readonly details: Readonly<Record<string, string>>;
}

/** WhatsApp's window, opened and renewed by each message of the person. Source: Meta and Twilio, "customer service window". */
const WINDOW_MS = 24 * 60 * 60 * 1000;

/** `unapproved`: WhatsApp has not approved it. */
export type JudgedTemplate = Pick<OutboundTemplate, 'id'> & { readonly unapproved?: boolean };

/** Whether it may leave at `now`. `template`: what it leaves by; no window holds back one that was approved. */
export function judge(
  channel: Channel,
  template: JudgedTemplate | undefined,
  { consent, copy, heardAt, newer }: SendFacts,
  now: Date,
): Refusal | undefined {
  if (consent?.optedOut) return unwanted(consent);
  if (copy?.optedOut) return unwanted(copy, { copy: copy.address });
  if (channel === Channel.WHATSAPP && (!template || template.unapproved)) {
    const closesAt = windowClosesAt(heardAt);
    if ((!closesAt || closesAt <= now) && template) return { code: 'TEMPLATE_INVALID', details: { unapproved: template.id } };
    if (!closesAt || closesAt <= now)
      return { code: 'WHATSAPP_WINDOW_CLOSED', details: closesAt ? { windowClosedAt: closesAt.toISOString() } : {} };
  }
  if (newer) return { code: 'CONVERSATION_MOVED', details: { latestActivityId: newer.activityId, at: new Date(newer.at).toISOString() } };
  return undefined;
}

/** `whose`: where it is not the recipient. */
function unwanted({ reason, at }: Consent, whose: { readonly copy?: string } = {}): Refusal {
  return { code: reason === '' ? 'OPTED_OUT' : 'SUPPRESSED', details: { optedOutAt: new Date(at).toISOString(), ...whose } };
}

/** Null where the person never wrote. */
export function windowClosesAt(heardAt: string | null): Date | null {
  return heardAt === null ? null : new Date(Date.parse(heardAt) + WINDOW_MS);
}
