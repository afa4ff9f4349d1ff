import { type RecordingInstance } from 'twilio/lib/rest/api/v2010/account/recording.js';
import { Channel } from '../../core/adapters/channel.js';
import { LIST, type ListedItem } from '../../core/adapters/provider-list.js';
import { isListedId, timeOf } from './listed-fields.js';

/** What is read of a recording in Twilio's list. */
export type RecordingInList = Pick<
  RecordingInstance,
  'sid' | 'accountSid' | 'callSid' | 'status' | 'duration' | 'startTime' | 'dateCreated' | 'dateUpdated'
>;

/** A recording of the list → one of its call, which it waits for, or the sentence that says why nothing is told. Source: Twilio docs, Recordings resource. */
export function readListedRecording(recording: RecordingInList): ListedItem | string {
  const { sid, accountSid, callSid, status, duration } = recording;
  // One of a conference is no call's.
  if (!isListedId(sid) || !isListedId(accountSid)) return 'A recording without a sid.';
  const createdAt = timeOf(recording.dateCreated) ?? timeOf(recording.startTime);
  if (!createdAt) return 'A recording without a time.';
  const isThere = status === 'completed' && isListedId(callSid);
  const length = /^\d{1,9}$/.test(duration ?? '') ? { durationSeconds: Number(duration) } : {};
  const sourceUrl = `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Recordings/${sid}.mp3`;
  return {
    about: {
      channel: Channel.VOICE,
      externalId: isListedId(callSid) ? callSid : null,
      ours: [],
      facts: {},
      attachments: isThere ? [{ key: sid, contentType: 'audio/mpeg', sourceUrl, ...length }] : [],
    },
    events: isThere
      ? [{ key: `${LIST}recording/${sid}/completed`, kind: 'RECORDING', status: null, occurredAt: null, error: null, metadata: {} }]
      : [],
    createdAt,
    changedAt: timeOf(recording.dateUpdated) ?? createdAt,
    hasFiles: false,
  };
}
