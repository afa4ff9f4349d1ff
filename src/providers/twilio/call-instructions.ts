import { type CallListInstanceCreateOptions } from 'twilio/lib/rest/api/v2010/account/call.js';
import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import { type Outbound } from '../../core/adapters/outbound.js';
import { speechOf } from './speech.js';

/**
 * What Twilio is asked to dial: the agent, who is connected to `to` once there, else `to`, who hears the message. `back`: where Twilio tells
 * how it goes. Both legs of a call by an agent are one activity: the second is told of by `<Dial>`'s action alone.
 * Source: Twilio docs, Call resource, Create a Call; TwiML `<Dial>`, `<Say>`.
 */
export function callRequest({ from, to, call, body }: Outbound, back: string): CallListInstanceCreateOptions {
  const { agent = null, record = false } = call ?? {};
  const progress = { statusCallback: back, statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'] };
  if (agent !== null) return { to: agent, from, twiml: connecting(to, { from, record, back }), ...progress };
  const recorded = record && { record, recordingChannels: 'dual', recordingStatusCallback: back };
  return { to, from, twiml: spokenTo(to, call?.say ?? body ?? ''), ...progress, ...recorded };
}

/** Recorded from the moment the customer is there: what the agent hears before is nobody's talk. */
function connecting(to: string, { from, record, back }: { from: string; record: boolean; back: string }): string {
  const twiml = new VoiceResponse();
  const recorded = { record: 'record-from-answer-dual', recordingStatusCallback: back } as const;
  twiml.dial({ action: back, callerId: from, ...(record && recorded) }).number(to);
  return twiml.toString();
}

/** What XML 1.0 cannot carry; the library throws at it. */
// oxlint-disable-next-line no-control-regex -- they are what it is about
const UNSPEAKABLE = /[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu;

/** The TwiML of a call that says `text`. */
export function spokenTo(to: string, text: string): string {
  const twiml = new VoiceResponse();
  twiml.say({ language: speechOf(to, text).language }, text.replace(UNSPEAKABLE, ' '));
  return twiml.toString();
}
