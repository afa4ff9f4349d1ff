import { valueOf } from './form-parameters.js';
import { codeToPlay, magicRefusalOfCall, refuse, type TwilioRefusal } from './twilio-errors.js';
import { dateTime } from './twilio-lists.js';
import { ofRecording, type TwilioRecording } from './twilio-recordings.js';

export type CallEnd = 'completed' | 'busy' | 'no-answer' | 'canceled' | 'failed';
export type CallWord = 'queued' | 'initiated' | 'ringing' | 'in-progress' | CallEnd;

/** A call, or a leg of one, as Twilio keeps it. */
export interface TwilioCall {
  readonly sid: string;
  readonly accountSid: string;
  readonly parentCallSid: string | null;
  readonly from: string;
  readonly to: string;
  readonly direction: 'inbound' | 'outbound-api' | 'outbound-dial';
  readonly callback: CallCallback | null;
  /** Whether all of it is recorded, and who hears of that. */
  readonly recorded: { readonly callback: string | null; readonly channels: 1 | 2 } | null;
  status: CallWord;
  readonly createdAt: Date;
  updatedAt: Date;
  startedAt: Date | null;
  answeredAt: Date | null;
  endedAt: Date | null;
  recording: TwilioRecording | null;
  /** Of the next callback. */
  sequence: number;
}

export interface CallCallback {
  readonly url: string;
  /** `initiated`, `ringing`, `answered`, `completed`. */
  readonly events: readonly string[];
}

/** What was asked for, once it is known to be in order. */
export interface CallWish {
  readonly from: string;
  readonly to: string;
  readonly callback: CallCallback | null;
  readonly recorded: TwilioCall['recorded'];
  /** What happens when it is answered: the document, or where to ask for it. */
  readonly instructions: { readonly twiml: string } | { readonly url: string };
}

const NUMBER = /^(?:\+[1-9]\d{6,14}|(?:client|sip):\S+)$/;
const URL_FORM = /^https?:\/\/[^\s/?#_]+(?:[/?#]\S*)?$/;
const EVENTS = ['initiated', 'ringing', 'answered', 'completed'];

/** What a request for a call asks for, or why Twilio refuses it. Source: Twilio docs, Call resource; Error and warning dictionary. */
export function readCallWish(form: URLSearchParams): CallWish | TwilioRefusal {
  const [to, from, url, twiml] = ['To', 'From', 'Url', 'Twiml'].map((name) => valueOf(form, name));
  if (to === undefined) return refuse(21201, "No 'To' number is specified");
  if (from === undefined) return refuse(21213, "No 'From' number is specified");
  if (twiml === undefined && (url === undefined || !URL_FORM.test(url))) return refuse(21205, `Url is not a valid URL: ${url ?? ''}`);
  if (!NUMBER.test(to)) return refuse(21211, `Invalid 'To' Phone Number: ${to}`);
  if (!NUMBER.test(from)) return refuse(21212, `Invalid From Number (caller ID): ${from}`);
  const [statusCallback, recordingCallback] = ['StatusCallback', 'RecordingStatusCallback'].map((name) => valueOf(form, name));
  for (const one of [statusCallback, recordingCallback])
    if (one !== undefined && !URL_FORM.test(one)) return refuse(21609, `The 'StatusCallback' URL ${one} is not a valid URL.`);
  const events = form.getAll('StatusCallbackEvent').flatMap((value) => value.split(/[ ,]+/));
  const unknown = events.find((event) => !EVENTS.includes(event));
  if (unknown !== undefined) return refuse(21626, `Invalid status callback event: ${unknown}`);
  const refusal = magicRefusalOfCall(to, from);
  if (refusal) return refusal;
  const channels = form.get('RecordingChannels') === 'dual' ? 2 : 1;
  return {
    ...{ from, to },
    callback: statusCallback === undefined ? null : { url: statusCallback, events: events.length ? events : ['completed'] },
    recorded: form.get('Record') === 'true' ? { callback: recordingCallback ?? null, channels } : null,
    instructions: twiml === undefined ? { url: url! } : { twiml },
  };
}

/** How a call to this number ends that nobody takes; null where somebody does. The last five digits are the answer of SIP, or 13224. */
export function unansweredEnd(to: string): { readonly end: CallEnd; readonly sip: number; readonly errorCode?: number } | null {
  const code = codeToPlay(to, '') ?? 0;
  if (code === 13224 || code === 404) return { end: 'failed', sip: 404, errorCode: 13224 };
  if (code === 486 || code === 603) return { end: 'busy', sip: code };
  if (code === 408 || code === 480) return { end: 'no-answer', sip: code };
  return null;
}

export const isOver = ({ endedAt }: Pick<TwilioCall, 'endedAt'>): boolean => endedAt !== null;

/** Of one that was taken, at least a second. */
export function secondsOf({ answeredAt, endedAt }: TwilioCall): number {
  return answeredAt && endedAt ? Math.max(1, Math.round((endedAt.getTime() - answeredAt.getTime()) / 1000)) : 0;
}

/** What every request about a call says. Source: Twilio docs, Voice webhook request. */
export function callParameters(call: TwilioCall): Record<string, string> {
  const { from, to } = call;
  return {
    CallSid: call.sid,
    AccountSid: call.accountSid,
    ...(call.parentCallSid !== null && { ParentCallSid: call.parentCallSid }),
    ...{ From: from, Caller: from, To: to, Called: to },
    CallStatus: call.status,
    Direction: call.direction,
    ApiVersion: '2010-04-01',
  };
}

/** What its status callbacks say besides. Source: Twilio docs, Call resource, status callback parameters. */
export function progressParameters(call: TwilioCall, at: Date): Record<string, string> {
  const unanswered = unansweredEnd(call.to);
  const sip = call.status === 'completed' ? 200 : call.status === unanswered?.end ? unanswered.sip : 487;
  const seconds = secondsOf(call);
  return {
    ...callParameters(call),
    Timestamp: dateTime(at),
    CallbackSource: 'call-progress-events',
    SequenceNumber: String(call.sequence),
    ...(isOver(call) && { CallDuration: String(seconds), Duration: String(Math.ceil(seconds / 60)), SipResponseCode: String(sip) }),
    ...(call.status === 'failed' && unanswered?.errorCode && { ErrorCode: String(unanswered.errorCode) }),
    ...(call.recording && ofRecording(call.recording)),
  };
}

/** A call as the API shows it. Source: Twilio docs, Call resource. */
export function presentCall(call: TwilioCall): object {
  const uri = `/2010-04-01/Accounts/${call.accountSid}/Calls/${call.sid}`;
  const date = (time: Date | null) => time && dateTime(time);
  return {
    sid: call.sid,
    date_created: date(call.createdAt),
    date_updated: date(call.updatedAt),
    parent_call_sid: call.parentCallSid,
    account_sid: call.accountSid,
    to: call.to,
    to_formatted: call.to,
    from: call.from,
    from_formatted: call.from,
    phone_number_sid: null,
    // `initiated` is a word of callbacks alone.
    status: call.status === 'initiated' ? 'queued' : call.status,
    start_time: date(call.startedAt),
    end_time: date(call.endedAt),
    duration: isOver(call) ? String(secondsOf(call)) : null,
    price: null,
    price_unit: 'USD',
    direction: call.direction,
    answered_by: null,
    api_version: '2010-04-01',
    forwarded_from: null,
    group_sid: null,
    caller_name: null,
    queue_time: '0',
    trunk_sid: null,
    uri: `${uri}.json`,
    subresource_uris: { recordings: `${uri}/Recordings.json` },
  };
}
