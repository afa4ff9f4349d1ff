import { createHash } from 'node:crypto';
import { STAND_IN } from '../../core/adapters/stand-in.js';
import { type CallRequest } from './call-request.js';
import { type CallFields } from './call.schema.js';
import { type WebhookParameters } from './form.js';
import { FAILURE_FIELD, isFallback } from './provider-error.js';

/**
 * Parameters that requests about a call may all have, whatever they ask or tell. Source: Twilio docs, Voice webhook request. A CallToken, and
 * what an add-on found, may be others when the same is asked again at the fallback URL.
 */
const OF_ANY_REQUEST =
  /^(?:CallSid|AccountSid|ApiVersion|CallStatus|Direction|ParentCallSid|ForwardedFrom|CallerName|CallToken|AddOns|Stir\w*|(?:From|To|Caller|Called)(?:City|State|Zip|Country)?)$/;

/** Parameters of a status callback. Source: Twilio docs, Call resource, status callback parameters. */
const OF_A_CALLBACK =
  /^(?:SequenceNumber|Timestamp|CallbackSource|CallDuration|Duration|SipResponseCode|AnsweredBy|MachineDetectionDuration|Recording(?:Url|Sid|Duration)|Error(?:Code|Message))$/;

/**
 * What tells a request about a call from every other about it, and not from its repetitions: Twilio's id of what it tells, where there is one.
 * A verb without an id (what a `<Gather>` heard, how long an `<Enqueue>` lasted) is told by what else it says, as a hash. The same digits keyed
 * twice are so one event.
 */
export function callKeyOf(request: CallRequest, fields: CallFields, parameters: WebhookParameters): string {
  const { CallStatus: status = '', SequenceNumber, DialCallSid, RecordingSid } = fields;
  switch (request) {
    case 'RECORDING':
      // No time comes with it, and how it ended goes before that it began.
      if (fields.RecordingStatus === 'in-progress') return `${STAND_IN}recording/${RecordingSid ?? ''}`;
      return `webhook/recording/${RecordingSid ?? ''}/${fields.RecordingStatus ?? ''}`;
    case 'TRANSCRIPTION':
      return `webhook/transcription/${fields.TranscriptionSid ?? ''}/${fields.TranscriptionStatus ?? ''}`;
    case 'DETAIL':
      return `webhook/call/detail/${restOf(parameters, OF_ANY_REQUEST)}`;
    case 'ACTION':
      return `webhook/call/action/${DialCallSid ?? RecordingSid ?? restOf(parameters, OF_ANY_REQUEST)}/${status}`;
    case 'FIRST':
      return withRest(`webhook/call/first/${status}`, restOf(parameters, OF_ANY_REQUEST));
    case 'STATUS':
      // A callback's SequenceNumber tells repeated statuses apart, and orders nothing: an inbound call's only callback has 0.
      return withRest(`webhook/call/status/${status}/${SequenceNumber ?? ''}`, restOf(parameters, OF_ANY_REQUEST, OF_A_CALLBACK));
  }
}

function withRest(key: string, rest: string): string {
  return rest ? `${key}/${rest}` : key;
}

/** A hash of the parameters beside those `known`, in whatever order they came; empty where there are none. What a fallback request adds is ours. */
function restOf(parameters: WebhookParameters, ...known: readonly RegExp[]): string {
  const passed = isFallback(parameters) ? [...known, FAILURE_FIELD] : known;
  const rest = [...parameters].filter(([name]) => !passed.some((names) => names.test(name)));
  if (!rest.length) return '';
  rest.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(rest)).digest('base64url').slice(0, 16);
}
