import { describe, expect, it } from '@jest/globals';
import { type ListedItem } from '../../core/adapters/provider-list.js';
import { type CallInList, readListedCall } from './listed-call.js';
import { listedFile } from './listed-media.js';
import { readListedRecording, type RecordingInList } from './listed-recording.js';

const [OURS, ANA, SID, ACCOUNT] = ['+15005550006', '+12025550147', `CA${'1'.repeat(32)}`, `AC${'2'.repeat(32)}`];
const [MADE, STARTED, ENDED, CHANGED] = [1, 2, 62, 63].map((second) => new Date(Date.UTC(2026, 10, 24, 9, 0, second)));

const call = (more: Partial<Record<keyof CallInList, unknown>> = {}): CallInList =>
  ({
    sid: SID,
    parentCallSid: null,
    from: ANA,
    to: OURS,
    status: 'completed',
    direction: 'inbound',
    duration: '60',
    callerName: null,
    startTime: STARTED,
    endTime: ENDED,
    dateCreated: MADE,
    dateUpdated: CHANGED,
    ...more,
  }) as CallInList;
const read = (listed: CallInList): ListedItem => {
  const item = readListedCall(listed);
  if (typeof item === 'string') throw new Error(item);
  return item;
};

describe('A call in Twilio’s list', () => {
  it('that came in has its length and its end', () => {
    expect(read(call({ callerName: 'ANA' }))).toMatchObject({
      about: {
        channel: 'VOICE',
        externalId: SID,
        ours: [OURS],
        party: { name: 'ANA' },
        facts: { direction: 'INBOUND', from: ANA, to: OURS, durationSeconds: 60 },
      },
      events: [{ key: 'list/call/COMPLETED', status: 'COMPLETED', occurredAt: ENDED, error: null }],
      createdAt: MADE,
      changedAt: CHANGED,
    });
  });

  it('that nobody took has no length, and the time of its last change where it has no end', () => {
    const { about, events } = read(
      call({ status: 'no-answer', duration: '0', endTime: null, direction: 'outbound-api', from: OURS, to: ANA }),
    );
    expect([about.facts, about.ours]).toEqual([{ direction: 'OUTBOUND', from: OURS, to: ANA }, [OURS]]);
    expect(events).toMatchObject([{ status: 'NO_ANSWER', occurredAt: CHANGED }]);
  });

  it('of a SIP address is of the number in it, and what a trunk carries out went out', () => {
    const [ours, theirs] = [`sip:${OURS}@norte.sip.twilio.com`, `sip:${ANA}@pbx.example`];
    expect(read(call({ to: ours, from: theirs })).about).toMatchObject({
      ours: [ours, OURS],
      party: { identities: [{ kind: 'PHONE', value: ANA }] },
    });
    const { about } = read(call({ direction: 'trunking-terminating', from: OURS, to: ANA }));
    expect([about.facts.direction, about.ours]).toEqual(['OUTBOUND', [OURS]]);
  });

  it('that is a leg names its call', () => {
    const { about } = read(call({ parentCallSid: 'CA-parent', direction: 'outbound-dial', from: ANA, to: 'client:bea' }));
    expect([about.parent, about.ours]).toEqual(['CA-parent', [ANA]]);
  });

  it.each(['queued', 'initiated', 'ringing', 'in-progress'])('that is %s tells nothing yet', (status) => {
    expect(read(call({ status, endTime: null, duration: null })).events).toEqual([]);
  });

  it.each<[string, CallInList]>([
    ['The call status "teleported" is not known.', call({ status: 'teleported' })],
    ['A call without a sid.', call({ sid: '' })],
    ['A call without a time.', call({ dateCreated: undefined, startTime: undefined })],
  ])('says %j', (problem, listed) => {
    expect(readListedCall(listed)).toBe(problem);
  });
});

describe('A recording in Twilio’s list', () => {
  const recording = (more: Partial<Record<keyof RecordingInList, unknown>> = {}): RecordingInList =>
    ({
      sid: 'RE1',
      accountSid: ACCOUNT,
      callSid: SID,
      status: 'completed',
      duration: '7',
      startTime: STARTED,
      dateCreated: MADE,
      dateUpdated: CHANGED,
      ...more,
    }) as RecordingInList;

  it('is a file of its call, and waits for it', () => {
    expect(readListedRecording(recording())).toMatchObject({
      about: {
        externalId: SID,
        ours: [],
        facts: {},
        attachments: [
          {
            key: 'RE1',
            contentType: 'audio/mpeg',
            durationSeconds: 7,
            sourceUrl: `https://api.twilio.com/2010-04-01/Accounts/${ACCOUNT}/Recordings/RE1.mp3`,
          },
        ],
      },
      events: [{ key: 'list/recording/RE1/completed', kind: 'RECORDING', status: null }],
    });
  });

  it.each([{ status: 'absent' }, { status: 'processing' }, { callSid: null }])('with %j is none', (more) => {
    expect(readListedRecording(recording(more))).toMatchObject({ about: { attachments: [] }, events: [] });
  });

  it('without a sid says so', () => {
    expect(readListedRecording(recording({ sid: undefined }))).toBe('A recording without a sid.');
  });
});

describe('A file in the list of a message’s files', () => {
  it('is where the message’s webhook says it is', () => {
    expect(listedFile({ sid: 'ME1', accountSid: ACCOUNT, parentSid: 'MM1', contentType: 'image/jpeg' })).toEqual({
      key: 'ME1',
      contentType: 'image/jpeg',
      sourceUrl: `https://api.twilio.com/2010-04-01/Accounts/${ACCOUNT}/Messages/MM1/Media/ME1`,
    });
    expect(listedFile({ sid: '', accountSid: ACCOUNT, parentSid: 'MM1', contentType: '' })).toBeUndefined();
  });
});
