import { outcomeOfFailure } from '../../core/adapters/failed-attempt.js';
import { type SendOutcome } from '../../core/adapters/outbound.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { Declined } from '../../platform/http/web-request.js';
import { TWILIO_ANSWERS, whatTwilioSaid } from './twilio-answers.js';

/** Two letters and 32 hexadecimal digits by Twilio's docs; whatever it is, it is short and has no blanks. */
const SID = /^[\w.:-]{1,100}$/;

/**
 * One request to Twilio that creates something, and how it ended. What fails in `prepare`, or throws before it gives a promise, fails before anything
 * was sent. Throws nothing.
 */
export async function attempt(prepare: () => Promise<() => Promise<{ sid: string }>>): Promise<SendOutcome> {
  let created: Promise<{ sid: string }>;
  try {
    created = (await prepare())();
  } catch (error) {
    return { kind: 'NOT_SENT', reason: reasonOf(error) };
  }
  try {
    const { sid } = (await created) as { readonly sid?: unknown };
    if (typeof sid === 'string' && SID.test(sid)) return { kind: 'ACCEPTED', externalId: sid };
    return { kind: 'UNKNOWN', reason: 'Twilio answered without a sid that can be read' };
  } catch (error) {
    return outcomeOfFailure(error, TWILIO_ANSWERS, Date.now());
  }
}

/** What Twilio gave; undefined where it knows no such thing (404). Throws what else it said, in its words. */
export async function given<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof Declined)) throw error;
    if (error.answer.status === 404) return undefined;
    throw whatTwilioSaid(error.answer);
  }
}
