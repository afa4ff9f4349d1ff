import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import { Channel } from '../../core/adapters/channel.js';
import { DEFAULT_VOICE, type VoiceAnswer } from '../../core/adapters/voice-answer.js';
import { E164, identityOf } from '../../core/contacts/identity.js';
import { callRequestOf } from './call-request.js';
import { RETRY } from './callback-url.js';
import { type WebhookParameters } from './form.js';
import { normalizeCall } from './normalize-call.js';
import { readFields, valueOf } from './parameter-fields.js';
import { type Speech, speechOf } from './speech.js';
import { toldByParameters } from './told-by-parameters.js';

const LONGEST_MESSAGE_SECONDS = 300;
const RING_SECONDS = 20;
/** How a `<Dial>` ends where somebody talked. Source: Twilio docs, TwiML `<Dial>`, DialCallStatus. */
const TAKEN = ['completed', 'answered'];

/** Calls. */
export const CALLS = toldByParameters({
  normalize: normalizeCall,
  answer: answerCall,
  answeredBy: answeringNumber,
});

/**
 * What a call hears that waits for instructions, as TwiML; undefined where none is waited for. First the sender's greeting, then the number
 * it is forwarded to, or voicemail; where nobody took the forwarded call, voicemail or a goodbye. Never nothing. `url`: where the request
 * came, so that what follows comes there too. Source: Twilio docs, TwiML for Programmable Voice: `<Say>`, `<Dial>`, `<Record>`.
 */
export function answerCall(parameters: WebhookParameters, url: string, voice: VoiceAnswer = DEFAULT_VOICE): string | undefined {
  const request = callRequestOf(parameters);
  if (request !== 'FIRST' && request !== 'ACTION') return undefined;
  const answer = new Answer(speechOf(numberCalled(parameters) ?? '', voice.greeting), url + RETRY);
  if (!isWaiting(parameters)) return answer.end();
  if (request === 'ACTION') return isInbound(parameters) ? answer.untaken(voice.voicemail) : answer.end();
  if (!voice.forwardTo) return answer.greet(voice.greeting, voice.voicemail);
  return answer.forward(voice.greeting, { number: voice.forwardTo, as: callerToShow(parameters) }, voice.record);
}

/** The number whose VoiceAnswer a caller waits for. */
export function answeringNumber(parameters: WebhookParameters): string | undefined {
  return isInbound(parameters) && isWaiting(parameters) ? numberCalled(parameters) : undefined;
}

/** Whether the caller is to hear more: at first, and where the number it was forwarded to was not taken. */
function isWaiting(parameters: WebhookParameters): boolean {
  const dialed = valueOf(parameters, 'DialCallStatus');
  return callRequestOf(parameters) === 'FIRST' || (dialed !== undefined && !TAKEN.includes(dialed));
}

function isInbound(parameters: WebhookParameters): boolean {
  return (valueOf(parameters, 'Direction') ?? 'inbound') === 'inbound';
}

/**
 * Whom a forwarded call is shown to come from, where Twilio's own choice, the caller, is no number: a browser's client, a SIP address, or nobody who
 * says so. Carriers refuse these. The number called is allowed. Source: Twilio docs, error 13214.
 */
function callerToShow(parameters: WebhookParameters): string | undefined {
  const { From, To } = readFields(['From', 'To'], parameters);
  const caller = identityOf(Channel.VOICE, From ?? '');
  return E164.test(caller?.value ?? '') || !E164.test(To ?? '') ? undefined : To;
}

function numberCalled(parameters: WebhookParameters): string | undefined {
  return readFields(['To'], parameters).To;
}

/** One TwiML document; `back`: where Twilio comes with what follows. */
class Answer {
  private readonly twiml = new VoiceResponse();

  constructor(
    private readonly speech: Speech,
    private readonly back: string,
  ) {}

  /** `as`: whom the call is shown to come from, where it is not the caller. */
  forward(greeting: string | null, { number, as }: { readonly number: string; readonly as: string | undefined }, record: boolean): string {
    if (greeting) this.say(greeting);
    const recorded = { record: 'record-from-answer-dual', recordingStatusCallback: this.back } as const;
    const shown = as === undefined ? {} : { callerId: as };
    const dial = this.twiml.dial({ ...shown, action: this.back, answerOnBridge: true, timeout: RING_SECONDS, ...(record && recorded) });
    dial.number({ statusCallback: this.back, statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'] }, number);
    return this.twiml.toString();
  }

  greet(greeting: string | null, voicemail: boolean): string {
    const { welcome, voicemail: leaveMessage, nobody, goodbye } = this.speech;
    this.say(greeting ?? (voicemail ? `${welcome} ${leaveMessage}` : `${nobody} ${goodbye}`));
    return voicemail ? this.takeMessage() : this.end();
  }

  untaken(voicemail: boolean): string {
    this.say(`${this.speech.nobody} ${voicemail ? this.speech.voicemail : this.speech.goodbye}`);
    return voicemail ? this.takeMessage() : this.end();
  }

  end(): string {
    this.twiml.hangup();
    return this.twiml.toString();
  }

  private takeMessage(): string {
    this.twiml.record({ maxLength: LONGEST_MESSAGE_SECONDS, playBeep: true, action: this.back, recordingStatusCallback: this.back });
    // Nobody spoke: Record goes on here instead of asking what next.
    return this.end();
  }

  private say(text: string): void {
    this.twiml.say({ language: this.speech.language }, text);
  }
}
