import { Ajv } from 'ajv';
import { describeFieldErrors } from './field-errors.js';

/** What we need to read of a request about a call; the rest of its parameters is kept, not judged. */
export interface CallFields {
  readonly CallSid: string;
  readonly CallStatus?: string;
  readonly Direction?: string;
  readonly From?: string;
  readonly To?: string;
  readonly Timestamp?: string;
  readonly SequenceNumber?: string;
  readonly CallDuration?: string;
  readonly DialCallSid?: string;
  readonly DialCallStatus?: string;
  readonly RecordingSid?: string;
  readonly RecordingStatus?: string;
  readonly RecordingUrl?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
}

const id = { type: 'string', maxLength: 200 };
const address = { type: 'string', maxLength: 300 };
const text = { type: 'string' };

/** Source: Twilio docs, Voice webhook request; Call resource, status callback parameters; Recording status callback parameters. */
const schema = {
  type: 'object',
  required: ['CallSid'],
  properties: {
    CallSid: id,
    CallStatus: id,
    Direction: id,
    From: address,
    To: address,
    Timestamp: text,
    SequenceNumber: id,
    CallDuration: text,
    DialCallSid: id,
    DialCallStatus: id,
    RecordingSid: id,
    RecordingStatus: id,
    RecordingUrl: text,
    ErrorCode: id,
    ErrorMessage: text,
  } satisfies Record<keyof CallFields, object>,
};

export const CALL_FIELDS = Object.keys(schema.properties) as readonly (keyof CallFields)[];

/** Compiled at the start. After false, its `errors` say why. */
export const isCall = new Ajv().compile<CallFields>(schema);
export const describeCallErrors = describeFieldErrors('a call');
