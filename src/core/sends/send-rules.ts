import { type OwnErrorCode } from '../activities/own-errors.js';
import { Channel } from '../adapters/channel.js';

/** What a send is judged by, as the database has it under the organization's lock. */
export interface SendFacts {
  /** The newest word on whether the address may be written to by that sender. */
  readonly consent: { readonly optedOut: boolean; readonly reason: string; readonly at: string } | null;
  /** When that person last wrote to that sender, where the channel asks. */
  readonly heardAt: string | null;
  /** The newest activity of the conversation above the position that the writer had seen; null also where none was given. */
  readonly newer: { readonly activityId: string; readonly at: string } | null;
}

export interface Refusal {
  readonly code: Exclude<OwnErrorCode, 'NOT_SENT' | 'SENDER_TAKEN'>;
  /** What a client is told beside the words. */
  readonly details: Readonly<Record<string, string>>;
}

/** WhatsApp's window, opened and renewed by each message of the person. Source: Meta and Twilio, "customer service window". */
const WINDOW_MS = 24 * 60 * 60 * 1000;

/** Whether it may leave at `now`; `template`: by a template, which no window holds back. */
export function judge(channel: Channel, template: boolean, { consent, heardAt, newer }: SendFacts, now: Date): Refusal | undefined {
  if (consent?.optedOut)
    return { code: consent.reason === '' ? 'OPTED_OUT' : 'SUPPRESSED', details: { optedOutAt: new Date(consent.at).toISOString() } };
  if (channel === Channel.WHATSAPP && !template) {
    const closesAt = windowClosesAt(heardAt);
    if (!closesAt || closesAt <= now)
      return { code: 'WHATSAPP_WINDOW_CLOSED', details: closesAt ? { windowClosedAt: closesAt.toISOString() } : {} };
  }
  if (newer) return { code: 'CONVERSATION_MOVED', details: { latestActivityId: newer.activityId, at: new Date(newer.at).toISOString() } };
  return undefined;
}

/** Null where the person never wrote. */
export function windowClosesAt(heardAt: string | null): Date | null {
  return heardAt === null ? null : new Date(Date.parse(heardAt) + WINDOW_MS);
}
