import { type Callback, type Tale } from './callbacks.service.js';
import { idempotencyToken, sid } from './invent.service.js';
import { twilioRetries, withoutFragment } from './retry-policy.js';
import { type Stage } from './stage.js';
import { type CallEnd, callParameters, isOver, progressParameters, secondsOf, type TwilioCall, unansweredEnd } from './twilio-calls.js';
import { ofRecording, recordingCallback, type TwilioRecording } from './twilio-recordings.js';
import { postedByTwilio, type TwilioForm } from './twilio-request.js';
import { readTwiml, type TwimlElement } from './twiml.js';

/** A call that asks for more instructions than this goes round in circles. */
const MOST_QUESTIONS = 50;

type NewCall = Pick<TwilioCall, 'accountSid' | 'parentCallSid' | 'from' | 'to' | 'direction' | 'callback' | 'recorded'>;

/** What happens in one call and the legs that its instructions dial, told as Twilio tells it. */
export class CallLife {
  private questions = 0;

  constructor(
    private readonly stage: Stage,
    private readonly tale: Tale,
  ) {}

  static begin({ memory }: Stage, given: NewCall): TwilioCall {
    const now = new Date();
    const times = { createdAt: now, updatedAt: now, startedAt: null, answeredAt: null, endedAt: null };
    const call: TwilioCall = { ...given, ...times, sid: sid('CA'), status: 'queued', recording: null, sequence: 0 };
    return memory.calls.put(call.sid, call);
  }

  /** We call: it rings, is answered or not, and does as it is instructed. */
  async place(call: TwilioCall, instructions: { readonly twiml: string } | { readonly url: string }): Promise<void> {
    if (!(await this.ring(call))) return;
    if ('twiml' in instructions) await this.perform(call, readTwiml(instructions.twiml), '');
    else await this.follow(call, instructions.url);
    await this.finish(call, 'completed');
  }

  /** A person calls us: the server is asked what to do, and told once at the end. */
  async arrive(call: TwilioCall, url: string): Promise<void> {
    this.step(call, 'ringing');
    const verbs = this.stage.settings.webhooks ? await this.ask(call, url) : [];
    this.step(call, 'in-progress');
    await this.perform(call, verbs, url);
    await this.finish(call, 'completed');
  }

  /** Ends it, and with it the legs it has dialed. */
  async finish(call: TwilioCall, end: CallEnd): Promise<void> {
    if (isOver(call)) return;
    call.endedAt = new Date();
    for (const leg of this.stage.memory.calls.newest.filter(({ parentCallSid }) => parentCallSid === call.sid))
      await this.finish(leg, leg.answeredAt ? 'completed' : 'canceled');
    call.status = end;
    const recording = call.recorded && call.answeredAt ? this.record(call, secondsOf(call), call.recorded.channels, 'OutboundAPI') : null;
    call.recording = recording;
    this.progress(call, 'completed');
    if (!recording || call.recorded?.callback == null) return;
    await this.tale.pause();
    this.tellRecording(recording, call.recorded.callback);
  }

  /** Whether it was answered. */
  private async ring(call: TwilioCall): Promise<boolean> {
    for (const status of ['initiated', 'ringing'] as const) {
      await this.tale.pause();
      if (isOver(call)) return false;
      this.step(call, status);
      this.progress(call, status);
    }
    await this.tale.pause();
    if (isOver(call)) return false;
    const unanswered = unansweredEnd(call.to);
    if (unanswered) {
      await this.finish(call, unanswered.end);
      return false;
    }
    this.step(call, 'in-progress');
    this.progress(call, 'answered');
    return true;
  }

  private async follow(call: TwilioCall, url: string, more: TwilioForm = {}): Promise<void> {
    await this.perform(call, await this.ask(call, url, more), url);
  }

  /** `url`: whence the verbs came. */
  private async perform(call: TwilioCall, verbs: readonly TwimlElement[], url: string): Promise<void> {
    for (const verb of verbs) {
      if (isOver(call) || verb.name === 'Hangup' || verb.name === 'Reject') return;
      const next = absolute(verb.attributes.action, url);
      if (verb.name === 'Redirect') return this.follow(call, absolute(verb.text.trim(), url) ?? url);
      if (verb.name === 'Dial') {
        const ended = await this.dial(call, verb, url);
        if (next !== undefined && !isOver(call)) return this.follow(call, next, ended);
      } else if (verb.name === 'Record') {
        await this.tale.pause();
        const recording = this.record(call, 2, 1, 'RecordVerb');
        const heard = absolute(verb.attributes.recordingStatusCallback, url);
        if (heard !== undefined) this.tellRecording(recording, heard);
        const then = next ?? url;
        if (then !== '') return this.follow(call, then, { ...ofRecording(recording), Digits: '#' });
      } else await this.tale.pause();
    }
  }

  /** What the Dial's action is told. */
  private async dial(call: TwilioCall, verb: TwimlElement, url: string): Promise<TwilioForm> {
    const [noun] = verb.children;
    const address = (noun?.text || verb.text).trim();
    const callback = absolute(noun?.attributes.statusCallback, url);
    const events = noun?.attributes.statusCallbackEvent?.split(/\s+/) ?? ['completed'];
    const leg = CallLife.begin(this.stage, {
      accountSid: call.accountSid,
      parentCallSid: call.sid,
      from: verb.attributes.callerId ?? call.from,
      to: noun?.name === 'Client' ? `client:${address}` : address,
      direction: 'outbound-dial',
      callback: callback === undefined ? null : { url: callback, events },
      recorded: null,
    });
    const isRecorded = /^(?:true|record-)/.test(verb.attributes.record ?? '');
    if (!(await this.ring(leg))) return { DialCallSid: leg.sid, DialCallStatus: leg.status };
    await this.tale.pause();
    await this.finish(leg, 'completed');
    const recording = isRecorded ? this.record(call, secondsOf(leg), verb.attributes.record?.includes('dual') ? 2 : 1, 'DialVerb') : null;
    const heard = absolute(verb.attributes.recordingStatusCallback, url);
    if (recording && heard !== undefined) this.tellRecording(recording, heard);
    const ended = { DialCallSid: leg.sid, DialCallStatus: 'completed', DialCallDuration: String(secondsOf(leg)) };
    return { ...ended, ...(recording && ofRecording(recording)) };
  }

  private step(call: TwilioCall, status: TwilioCall['status']): void {
    call.status = status;
    call.updatedAt = new Date();
    if (status === 'ringing') call.startedAt = call.updatedAt;
    if (status === 'in-progress') call.answeredAt = call.updatedAt;
  }

  private progress(call: TwilioCall, event: string): void {
    const { callback } = call;
    if (callback?.events.includes(event)) {
      const form = progressParameters(call, new Date());
      this.tale.tell(this.callback(call.accountSid, `the call is ${call.status}`, callback.url, form));
    }
    call.sequence++;
  }

  private record(call: TwilioCall, durationSeconds: number, channels: 1 | 2, source: TwilioRecording['source']): TwilioRecording {
    const made = { sid: sid('RE'), accountSid: call.accountSid, callSid: call.sid, createdAt: new Date() };
    const recording = { ...made, durationSeconds: Math.max(1, durationSeconds), channels, source };
    return this.stage.memory.recordings.put(recording.sid, recording);
  }

  private tellRecording(recording: TwilioRecording, url: string): void {
    this.tale.tell(this.callback(recording.accountSid, 'the recording is ready', url, recordingCallback(recording)));
  }

  private async ask(call: TwilioCall, url: string, more: TwilioForm = {}): Promise<readonly TwimlElement[]> {
    if (isOver(call) || ++this.questions > MOST_QUESTIONS) return [];
    const form = { ...callParameters(call), ...more };
    const answer = await this.tale.ask(this.callback(call.accountSid, 'the call waits for instructions', url, form));
    return answer?.status === 200 ? readTwiml(answer.text) : [];
  }

  private callback(accountSid: string, tells: string, given: string, form: TwilioForm): Callback {
    const url = withoutFragment(given);
    const posted = postedByTwilio(url, form, this.stage.twilioAccounts.get(accountSid) ?? '', idempotencyToken());
    return { provider: 'TWILIO', tells, url, ...posted, retry: twilioRetries(given) };
  }
}

/** An address as it was written, or where a relative one leads. */
function absolute(given: string | undefined, base: string): string | undefined {
  if (!given || /^https?:\/\//.test(given)) return given || undefined;
  return URL.canParse(given, base) ? new URL(given, base).href : undefined;
}
