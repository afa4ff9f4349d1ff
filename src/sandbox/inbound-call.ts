import { type SimulatedLife } from './provider-delivery.js';
import { signedByTwilio, type TwilioSigner } from './twilio-request.js';

export interface InboundCall {
  readonly from: string;
  readonly to: string;
  /** `CA` and 32 hex digits. */
  readonly callSid: string;
  /** `RE` and 32 hex digits. */
  readonly recordingSid: string;
  readonly durationSeconds: number;
  readonly endedAt: Date;
  /** A UUID for each of the four requests. */
  readonly idempotencyTokens: readonly [string, string, string, string];
}

const PATH = '/api/webhooks/voip/twilio';
/** How long the greeting takes before the recording begins. */
const GREETING_SECONDS = 5;

/**
 * A call that came in, was answered with voicemail and left a message, as Twilio tells it: the request that asks what to do, the one that
 * follows `<Record>` when `#` is pressed, the recording's callback, which names neither party, and the one status callback at the end, with
 * SequenceNumber 0.
 * Source: Twilio docs, TwiML `<Record>`, Recording status callback, Call resource; the requests' order and fields as seen.
 */
export function inboundCall(call: InboundCall, signer: TwilioSigner): SimulatedLife {
  const { callSid, durationSeconds } = call;
  const account = { AccountSid: signer.accountSid, CallSid: callSid };
  const parties = { ApiVersion: '2010-04-01', From: call.from, Caller: call.from, To: call.to, Called: call.to, Direction: 'inbound' };
  const recording = {
    RecordingSid: call.recordingSid,
    RecordingUrl: `https://api.twilio.com/2010-04-01/Accounts/${signer.accountSid}/Recordings/${call.recordingSid}`,
    RecordingDuration: String(Math.max(0, durationSeconds - GREETING_SECONDS)),
  };
  const told: readonly (readonly [tells: string, form: Record<string, string>])[] = [
    ['the call rings', { ...account, ...parties, CallStatus: 'ringing' }],
    ['it was answered, a message was left', { ...account, ...parties, CallStatus: 'in-progress', Digits: '#', ...recording }],
    [
      'the recording is ready',
      { ...account, ...recording, RecordingStatus: 'completed', RecordingChannels: '1', RecordingSource: 'RecordVerb', ErrorCode: '0' },
    ],
    ['the call is completed', { ...account, ...parties, CallStatus: 'completed', ...atTheEnd(call) }],
  ];
  return {
    channel: 'VOICE',
    provider: 'TWILIO',
    externalId: callSid,
    deliveries: told.map(([tells, form], i) =>
      signedByTwilio({ tells, path: PATH, form, idempotencyToken: call.idempotencyTokens[i]! }, signer),
    ),
  };
}

/** `CallDuration` is in seconds, `Duration` in minutes as billed, the time in RFC 2822. */
function atTheEnd({ durationSeconds, endedAt }: InboundCall): Record<string, string> {
  return {
    CallDuration: String(durationSeconds),
    Duration: String(Math.ceil(durationSeconds / 60)),
    Timestamp: endedAt.toUTCString().replace('GMT', '+0000'),
    CallbackSource: 'call-progress-events',
    SequenceNumber: '0',
  };
}
