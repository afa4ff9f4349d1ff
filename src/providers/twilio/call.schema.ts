import { ADDRESS, compileFields, ID, TEXT } from './parameter-schema.js';

/** What we need to read of a request about a call; the rest of its parameters is kept, not judged. */
export interface CallFields {
  readonly CallSid: string;
  readonly ParentCallSid?: string;
  readonly CallStatus?: string;
  readonly Direction?: string;
  readonly CallerName?: string;
  readonly FromCity?: string;
  readonly FromState?: string;
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
  readonly RecordingDuration?: string;
  readonly TranscriptionSid?: string;
  readonly TranscriptionStatus?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
}

/** Source: Twilio docs, Voice webhook request; Call resource, status callback parameters; Recording status callback parameters; TwiML `<Record>`, transcribeCallback. */
export const CALL = compileFields<CallFields>('a call', 'CallSid', {
  CallSid: ID,
  ParentCallSid: ID,
  CallStatus: ID,
  Direction: ID,
  CallerName: TEXT,
  FromCity: TEXT,
  FromState: TEXT,
  From: ADDRESS,
  To: ADDRESS,
  Timestamp: TEXT,
  SequenceNumber: ID,
  CallDuration: TEXT,
  DialCallSid: ID,
  DialCallStatus: ID,
  RecordingSid: ID,
  RecordingStatus: ID,
  RecordingUrl: TEXT,
  RecordingDuration: TEXT,
  TranscriptionSid: ID,
  TranscriptionStatus: ID,
  ErrorCode: ID,
  ErrorMessage: TEXT,
});
