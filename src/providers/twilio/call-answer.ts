import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import { type CallRequest, callRequestOf } from './call-request.js';
import { normalizeCall } from './normalize-call.js';
import { toldByParameters } from './told-by-parameters.js';

const GREETING = 'Thank you for calling. Please leave a message after the tone.';
const LONGEST_MESSAGE_SECONDS = 300;
/** Twilio repeats nothing after a 5xx without it. */
const RETRY = '#rc=5&rp=all';

/** Calls. */
export const CALLS = toldByParameters({
  normalize: normalizeCall,
  answer: (parameters, path) => answerCall(callRequestOf(parameters), path),
});

/**
 * What a call hears that waits for instructions, as TwiML: a greeting and voicemail at first, the end after that.
 * `path` is where the request came, so that what follows comes there too.
 * Source: Twilio docs, TwiML for Programmable Voice, `<Say>`, `<Record>`.
 */
export function answerCall(request: CallRequest, path: string): string | undefined {
  if (request !== 'FIRST' && request !== 'ACTION') return undefined;
  const response = new VoiceResponse();
  if (request === 'ACTION') response.hangup();
  else {
    response.say(GREETING);
    response.record({ maxLength: LONGEST_MESSAGE_SECONDS, playBeep: true, action: path + RETRY, recordingStatusCallback: path + RETRY });
    // Nobody spoke: Record goes on here instead of asking what next.
    response.hangup();
  }
  return response.toString();
}
