import { valueOf } from './parameter-fields.js';
import { type WebhookParameters } from './form.js';
import { callStatusOfWord, UNDER_WAY } from './call-status.js';

/**
 * What Twilio asks or tells with a request about a call. FIRST: a call that waits for instructions. ACTION: a verb of our answer is
 * done (`<Dial>`, `<Record>`), and the call waits for the next. STATUS, RECORDING and TRANSCRIPTION: callbacks that want no instructions.
 * A verb whose end shows by nothing but what it says (`<Gather>`) is FIRST too: its call waits as at first. DETAIL: a callback that says something
 * of the call, and not how it stands.
 */
export type CallRequest = 'FIRST' | 'ACTION' | 'STATUS' | 'RECORDING' | 'TRANSCRIPTION' | 'DETAIL';

/** What only a status callback carries. Source: Twilio docs, Call resource, status callback parameters. */
const OF_A_CALLBACK = ['CallbackSource', 'SequenceNumber', 'Timestamp', 'CallDuration'];

/**
 * What a callback is about that has no CallStatus. Source: Twilio docs, answering machine detection (asynchronous), `<Conference>`, `<Stream>`,
 * `<Siprec>` and real-time `<Transcription>`, status callback parameters.
 */
const DETAILS = ['AnsweredBy', 'ConferenceSid', 'StreamSid', 'SiprecSid', 'TranscriptionEvent'];

export function callRequestOf(parameters: WebhookParameters): CallRequest {
  // It names its recording too. What was not understood has no text.
  if (valueOf(parameters, 'TranscriptionStatus') || valueOf(parameters, 'TranscriptionText')) return 'TRANSCRIPTION';
  if (valueOf(parameters, 'RecordingStatus')) return 'RECORDING';
  if (valueOf(parameters, 'DialCallStatus')) return 'ACTION';
  if (!valueOf(parameters, 'CallStatus') && DETAILS.some((name) => valueOf(parameters, name))) return 'DETAIL';
  // Of a call that is recorded whole, the last callback names the recording too.
  if (OF_A_CALLBACK.some((name) => valueOf(parameters, name))) return 'STATUS';
  if (valueOf(parameters, 'RecordingUrl')) return 'ACTION';
  const status = callStatusOfWord(valueOf(parameters, 'CallStatus') ?? '');
  return status !== undefined && UNDER_WAY.has(status) ? 'FIRST' : 'STATUS';
}

/** A conference says so where nobody's call is meant: that it began, that it ended, that a recording of it is there. */
export function isOfNoCall(parameters: WebhookParameters): boolean {
  return !valueOf(parameters, 'CallSid') && valueOf(parameters, 'ConferenceSid') !== undefined;
}
