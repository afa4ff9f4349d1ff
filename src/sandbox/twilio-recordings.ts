import { dateTime } from './twilio-lists.js';

/** A recording as Twilio keeps it. */
export interface TwilioRecording {
  readonly sid: string;
  readonly accountSid: string;
  readonly callSid: string;
  readonly durationSeconds: number;
  readonly channels: 1 | 2;
  readonly source: 'OutboundAPI' | 'DialVerb' | 'RecordVerb';
  readonly createdAt: Date;
}

/** Where Twilio says it is, whatever its API's address here: that is how the server knows it. */
const recordingUrl = ({ accountSid, sid }: TwilioRecording): string =>
  `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Recordings/${sid}`;

/** What a recording status callback says: neither party. Source: Twilio docs, Recording status callback parameters. */
export function recordingCallback(recording: TwilioRecording): Record<string, string> {
  return {
    RecordingSource: recording.source,
    RecordingSid: recording.sid,
    RecordingUrl: recordingUrl(recording),
    RecordingStatus: 'completed',
    RecordingChannels: String(recording.channels),
    ErrorCode: '0',
    CallSid: recording.callSid,
    RecordingStartTime: dateTime(recording.createdAt),
    AccountSid: recording.accountSid,
    RecordingDuration: String(recording.durationSeconds),
  };
}

/** What a call's own callbacks say of it. */
export function ofRecording(recording: TwilioRecording): Record<string, string> {
  return { RecordingUrl: recordingUrl(recording), RecordingSid: recording.sid, RecordingDuration: String(recording.durationSeconds) };
}

/** A recording, of a call that began then, as the API shows it. Source: Twilio docs, Recordings resource. */
export function presentRecording(recording: TwilioRecording, callStartedAt: Date | null | undefined): object {
  const { sid, accountSid, callSid } = recording;
  return {
    sid,
    account_sid: accountSid,
    call_sid: callSid,
    conference_sid: null,
    api_version: '2010-04-01',
    channels: recording.channels,
    date_created: dateTime(recording.createdAt),
    date_updated: dateTime(recording.createdAt),
    start_time: dateTime(callStartedAt ?? recording.createdAt),
    duration: String(recording.durationSeconds),
    error_code: null,
    media_url: recordingUrl(recording),
    price: null,
    price_unit: 'USD',
    source: recording.source,
    status: 'completed',
    uri: `/2010-04-01/Accounts/${accountSid}/Recordings/${sid}.json`,
  };
}
