import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { DEFAULT_VOICE, type VoiceAnswer } from '../adapters/voice-answer.js';

/** What cannot be spoken: XML has no place for it. */
const UNSPEAKABLE = /[\p{Cs}\ufffe\uffff]|(?![\n\r\t])\p{Cc}/u;
const LONGEST_GREETING = 1_000;

/** As an administrator gave it; what is absent or null is the default's. */
export interface GivenVoice {
  readonly greeting?: string | null;
  readonly forwardTo?: string | null;
  readonly voicemail?: boolean | null;
  readonly record?: boolean | null;
}

/** A VoiceAnswer as it is stored; or the field that is not right, and what would be. */
export type ReadVoice = VoiceAnswer | { readonly field: 'greeting' | 'forwardTo'; readonly problem: string };

export function readVoice(given: GivenVoice): ReadVoice {
  const greeting = given.greeting?.trim() || null;
  if (greeting && (greeting.length > LONGEST_GREETING || UNSPEAKABLE.test(greeting)))
    return { field: 'greeting', problem: `voice.greeting must be text of at most ${LONGEST_GREETING} characters.` };
  const typed = given.forwardTo?.trim();
  const number = typed ? parsePhoneNumberFromString(typed) : undefined;
  if (typed && !number?.isPossible())
    return { field: 'forwardTo', problem: 'voice.forwardTo must be a phone number with + and country code, such as +12025550147.' };
  return {
    greeting,
    forwardTo: number?.number ?? null,
    voicemail: given.voicemail ?? DEFAULT_VOICE.voicemail,
    record: given.record ?? DEFAULT_VOICE.record,
  };
}
