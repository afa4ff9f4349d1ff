import { type ProviderError } from '../../core/adapters/activity-draft.js';
import { boundedText } from '../../core/adapters/bounded-text.js';
import { errorMessage } from '../../core/adapters/error-message.js';
import { explainDeliveryError } from './delivery-errors.js';
import { type EventFields } from './event.schema.js';

const MAX_CODE_LENGTH = 100;
/** RFC 3463, enhanced status code, such as `5.1.1`; not within the address of a server. */
const ENHANCED_CODE = /(?<![\w.])([245]\.\d{1,3}\.\d{1,3})(?!\w|\.\d)/;
/** RFC 5321, reply code. */
const REPLY_CODE = /^\s*([245]\d\d)\b/;
/** A code that only says that it failed. */
const TELLS_NOTHING = /^[245]\.0\.0$/;
/**
 * Words that say more than a reply code, which one server uses for this and another for that: SendGrid's where it reached no server, or a server's. The
 * first that is there is the code.
 */
const TELLING_WORDS = [
  ...['i/o timeout', 'connection refused', 'no such host', 'unable to get mx info', 'error dialing remote address'],
  ...['mailbox full', 'mailbox is full', 'over quota', 'exceeded storage allocation', 'message size', 'message too large'],
  ...['too many recipients', 'too many messages', 'too many connections', 'throttled', 'rate limited'],
];
/** SendGrid's classes of bounces that say more than a reply code; these also more than that a mail was blocked, as those of content and reputation are. */
const CLASSES_OF_BLOCKS = ['Invalid Address', 'Mailbox Unavailable', 'Frequency/Volume'];
const CLASSES = [...CLASSES_OF_BLOCKS, 'Content', 'Reputation', 'Technical'];

/**
 * What went wrong, of an event that says so. Its code is the most telling there is: SendGrid's own reason for a mail it did not try, the enhanced status
 * code, words or a class that say more than a reply code, that code, else the kind of event. `blocked` is a bounce that is about the mail and not its
 * address, whatever code for good the server gave. Source: SendGrid docs, Event Webhook Reference; Bounce and Block Classifications.
 */
export function errorOfEvent(fields: EventFields): ProviderError | null {
  const { event, reason, response } = fields;
  if (event !== 'bounce' && event !== 'dropped' && event !== 'deferred') return null;
  const words = reason ?? response;
  return { code: boundedText(codeOf(fields, (words ?? '').trim()), MAX_CODE_LENGTH), message: errorMessage(words) };
}

function codeOf({ event, type, status: said, bounce_classification: itsClass }: EventFields, words: string): string {
  if (event === 'dropped' && explainDeliveryError(words, null)) return words;
  const status = said?.toString();
  const enhanced = [status, ENHANCED_CODE.exec(words)?.[1]].find((code) => code?.includes('.') && !TELLS_NOTHING.test(code));
  if (enhanced !== undefined) return enhanced;
  const isBlocked = type === 'blocked';
  const reply = REPLY_CODE.exec(words)?.[1] ?? (status?.includes('.') ? undefined : status);
  const told = wordsIn(words) ?? (isBlocked ? CLASSES_OF_BLOCKS : CLASSES).find((name) => name === itsClass);
  if (told !== undefined) return told;
  if (isBlocked && !reply?.startsWith('4')) return type;
  return reply || (type && explainDeliveryError(type, null) ? type : event);
}

function wordsIn(text: string): string | undefined {
  const lower = text.toLowerCase();
  return TELLING_WORDS.find((words) => lower.includes(words));
}
