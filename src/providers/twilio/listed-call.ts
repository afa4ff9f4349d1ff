import { type CallInstance } from 'twilio/lib/rest/api/v2010/account/call.js';
import { Channel } from '../../core/adapters/channel.js';
import { LIST, type ListedItem } from '../../core/adapters/provider-list.js';
import { replaceUnstorable } from '../../core/adapters/storable-text.js';
import { callDirectionOf, sidesOf } from './call-sides.js';
import { callerNameOf } from './caller-name.js';
import { callStatusOfWord } from './call-status.js';
import { isListedId, timeOf } from './listed-fields.js';
import { bareAddress } from './parameter-fields.js';

/** What is read of a call in Twilio's list. */
export type CallInList = Pick<
  CallInstance,
  | 'sid'
  | 'parentCallSid'
  | 'from'
  | 'to'
  | 'status'
  | 'direction'
  | 'duration'
  | 'callerName'
  | 'startTime'
  | 'endTime'
  | 'dateCreated'
  | 'dateUpdated'
>;

const UNDER_WAY: ReadonlySet<string> = new Set(['queued', 'initiated', 'ringing', 'in-progress']);

/** A call of the list → how it ended, or the sentence that says why nothing is told. Source: Twilio docs, Call resource. */
export function readListedCall(call: CallInList): ListedItem | string {
  const { sid, status: word, parentCallSid: parent, callerName } = call;
  if (!isListedId(sid)) return 'A call without a sid.';
  const status = callStatusOfWord(word);
  if (status === undefined) return `The call status "${word}" is not known.`;
  const [startedAt, madeAt] = [timeOf(call.startTime), timeOf(call.dateCreated)];
  const createdAt = madeAt ?? startedAt;
  if (!createdAt) return 'A call without a time.';
  const changedAt = timeOf(call.dateUpdated) ?? createdAt;
  const direction = callDirectionOf(String(call.direction));
  const [from, to] = [call.from, call.to].map((address) => (address ? replaceUnstorable(bareAddress(address)) : undefined));
  const measured = word === 'completed' && /^\d{1,9}$/.test(call.duration ?? '');
  return {
    about: {
      channel: Channel.VOICE,
      externalId: sid,
      ...sidesOf({ direction, from, to, callerName: callerNameOf(callerName ? replaceUnstorable(callerName) : undefined) }),
      ...(parent && { parent }),
      facts: { direction, ...(from && { from }), ...(to && { to }), ...(measured && { durationSeconds: Number(call.duration) }) },
      attachments: [],
    },
    events: UNDER_WAY.has(word)
      ? []
      : [
          {
            key: `${LIST}call/${status}`,
            kind: 'STATUS',
            status,
            occurredAt: timeOf(call.endTime) ?? changedAt,
            error: null,
            metadata: {},
          },
        ],
    createdAt,
    changedAt,
    hasFiles: false,
  };
}
