import { type ActivityDraft, type ActivityFacts, type DraftAttachment } from '../../core/adapters/activity-draft.js';
import { type NormalizedDelivery } from '../../core/adapters/channel-adapter.js';
import { Channel, Direction } from '../../core/adapters/channel.js';
import { LATEST_SECOND } from '../../core/adapters/latest-second.js';
import { callDirectionOf, sidesOf } from './call-sides.js';
import { callerNameOf } from './caller-name.js';
import { callKeyOf } from './call-key.js';
import { callRequestOf, isOfNoCall } from './call-request.js';
import { callStatusOfWord } from './call-status.js';
import { CALL, type CallFields } from './call.schema.js';
import { type WebhookParameters } from './form.js';
import { oneItem } from './one-item.js';
import { readFields, valueOf } from './parameter-fields.js';
import { metadataOf } from './parameter-metadata.js';
import { ERROR_FIELD, FAILURE_FIELD, isFallback, providerError } from './provider-error.js';

/** Parameters that are a field of the draft or a copy of one; and what lets somebody call as the caller. */
const FIELD =
  /^(?:CallSid|AccountSid|ApiVersion|From|To|Caller|Called|CallStatus|Direction|Timestamp|CallDuration|RecordingUrl|CallToken)$/;

/**
 * A request about a call → one draft: the call's status, a recording of it, the text of one, or a detail such as what answered. What cannot be read is
 * a problem, and so is a status word that Twilio has not told us of. A recording names no address: it is its call's, and waits for it, and so do its text
 * and a detail. What a conference says of no call is no news of any, but that there is a recording of it. `activityId`: our own id of the call it is about, unless that one came in.
 */
export function normalizeCall(parameters: WebhookParameters, activityId?: string): NormalizedDelivery {
  if (!isOfNoCall(parameters)) return oneItem(readDraft(parameters, activityId));
  return valueOf(parameters, 'RecordingUrl')
    ? oneItem('A recording of a whole conference is of no one call.')
    : { drafts: [], problems: [] };
}

function readDraft(parameters: WebhookParameters, activityId: string | undefined): ActivityDraft | string {
  const fields = CALL.check(readFields(CALL.names, parameters));
  if (typeof fields === 'string') return fields;
  const own = activityId === undefined ? {} : { activityId };
  const request = callRequestOf(parameters);
  const key = callKeyOf(request, fields, parameters);
  // Its file is told by the recording's own requests, which know its length.
  const attachments = request === 'TRANSCRIPTION' ? [] : recordingsOf(fields);
  const common = { index: 0, channel: Channel.VOICE, externalId: fields.CallSid, attachments };
  // Not the call's error. Where a service that the call was connected to failed (`<ConversationRelay>`), the verb that is done says so.
  const isOurs = isFallback(parameters);
  const isOfTheCall = !isOurs && (request === 'STATUS' || request === 'RECORDING');
  const isElsewhere = (name: string) => FIELD.test(name) || (isOfTheCall && ERROR_FIELD.test(name)) || (isOurs && FAILURE_FIELD.test(name));
  const said = {
    occurredAt: timeOf(fields.Timestamp),
    error: isOfTheCall ? providerError(fields.ErrorCode, fields.ErrorMessage) : null,
    metadata: metadataOf(parameters, isElsewhere),
  };
  if (request === 'RECORDING' || request === 'TRANSCRIPTION' || request === 'DETAIL') {
    const kind = request === 'DETAIL' ? 'STATUS' : 'RECORDING';
    return { ...common, ...own, ours: [], facts: {}, event: { ...said, key, kind, status: null } };
  }
  if (fields.CallStatus === undefined) return 'CallStatus is missing.';
  const status = callStatusOfWord(fields.CallStatus);
  if (status === undefined) return `The call status "${fields.CallStatus}" is not known.`;
  const direction = callDirectionOf(fields.Direction);
  return {
    ...common,
    ...(direction === Direction.OUTBOUND && own),
    ...sidesOf({ direction, from: fields.From, to: fields.To, callerName: callerNameOf(fields.CallerName, placeOf(fields)) }),
    // A leg to a browser, or from a caller whom we forward, names no number of ours.
    ...(fields.ParentCallSid && { parent: fields.ParentCallSid }),
    facts: factsOf(fields, direction),
    event: { ...said, key, kind: 'STATUS', status },
  };
}

const placeOf = ({ FromCity: city, FromState: state }: CallFields) => ({ ...(city && { city }), ...(state && { state }) });

/** Of a call that nobody took, Twilio says a length of 0. */
function factsOf({ From: from, To: to, CallStatus, CallDuration }: CallFields, direction: Direction): ActivityFacts {
  const durationSeconds =
    CallStatus === 'completed' && CallDuration !== undefined && /^\d{1,9}$/.test(CallDuration) ? Number(CallDuration) : undefined;
  return { direction, ...(from && { from }), ...(to && { to }), ...(durationSeconds !== undefined && { durationSeconds }) };
}

/** RFC 2822, as Twilio writes it; what is none, or of no time that a call can have been, is no time. */
function timeOf(timestamp: string | undefined): Date | null {
  const time = timestamp === undefined ? NaN : Date.parse(timestamp);
  return time >= 0 && time < (LATEST_SECOND + 1) * 1000 ? new Date(time) : null;
}

/** One that is not there (too short, or silence) or not ready is no file. Twilio serves WAV without, MP3 with the ending. */
function recordingsOf({
  RecordingSid: key,
  RecordingUrl: url,
  RecordingStatus: status = 'completed',
  RecordingDuration: length,
}: CallFields): readonly DraftAttachment[] {
  if (!key || !url || status !== 'completed') return [];
  const durationSeconds = length !== undefined && /^\d{1,9}$/.test(length) ? { durationSeconds: Number(length) } : {};
  return [{ key, contentType: 'audio/mpeg', sourceUrl: `${url}.mp3`, ...durationSeconds }];
}
