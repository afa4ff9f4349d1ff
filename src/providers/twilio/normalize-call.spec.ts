import { describe, expect, it } from '@jest/globals';
import { bodyOf, readCases } from '../../../test/fixtures/read-cases.js';
import { type ActivityDraft } from '../../core/adapters/activity-draft.js';
import { parseForm } from './form.js';
import { normalizeCall } from './normalize-call.js';

const FIRST = { CallSid: 'CA1', CallStatus: 'ringing', Direction: 'inbound', From: '+12025550147', To: '+12025550110' };
const ENDED = { ...FIRST, CallStatus: 'completed', CallDuration: '42', SequenceNumber: '0', Timestamp: 'Tue, 24 Nov 2026 08:31:12 +0000' };
const RECORDING = {
  CallSid: 'CA1',
  RecordingSid: 'RE1',
  RecordingUrl: 'https://api.twilio.com/RE1',
  RecordingStatus: 'completed',
  ErrorCode: '0',
};

const of = (parameters: Record<string, string>) => new Map(Object.entries(parameters).map(([name, value]) => [name, [value]]));

function draftOf(parameters: Record<string, string>): ActivityDraft {
  const { drafts, problems } = normalizeCall(of(parameters));
  expect(problems).toEqual([]);
  return drafts[0]!;
}

const problemOf = (parameters: Record<string, string>) => normalizeCall(of(parameters)).problems[0]?.message;

describe('the fixtures of calls', () => {
  const cases = readCases('twilio-voice-').filter((fixture) => fixture.expect.verified);

  it.each(cases)('$name becomes what it expects', (fixture) => {
    const { drafts, problems } = normalizeCall(parseForm(bodyOf(fixture)));
    expect(problems).toEqual([]);
    for (const { channel, externalId, direction, from, to, status, error, durationSeconds } of fixture.expect.activities ?? [])
      expect(drafts).toEqual([
        expect.objectContaining({
          channel,
          externalId,
          facts: { direction, from, to, ...(durationSeconds !== undefined && { durationSeconds }) },
          event: expect.objectContaining({ status, error: error ? expect.objectContaining(error) : null }),
        }),
      ]);
  });
});

describe('a call', () => {
  it('that comes in is ours by its To, one that goes out by its From', () => {
    expect(draftOf(FIRST).ours).toEqual(['+12025550110']);
    expect(draftOf({ ...FIRST, Direction: 'outbound-api' }).ours).toEqual(['+12025550147']);
  });

  it('by SIP is of the number that the address has, where it has one', () => {
    const sip = draftOf({ ...FIRST, From: 'sip:+34600111222@carrier.example', To: 'sip:+12025550110@norte.sip.twilio.com' });
    expect(sip).toMatchObject({
      ours: ['sip:+12025550110@norte.sip.twilio.com', '+12025550110'],
      party: { identities: [{ kind: 'PHONE', value: '+34600111222' }] },
    });
    expect(draftOf({ ...FIRST, From: 'sip:ana@carrier.example' }).party).toBeUndefined();
    const bare = draftOf({ ...FIRST, From: 'sip:34600111222@carrier.example', To: 'sip:12025550110@norte.sip.twilio.com' });
    expect([bare.ours, bare.party]).toEqual([['sip:12025550110@norte.sip.twilio.com', '+12025550110'], undefined]);
  });

  it('has the name that its carrier gives, but for one that stands for none', () => {
    expect(draftOf({ ...FIRST, CallerName: 'RUIZ ANA' }).party).toEqual({ name: 'RUIZ ANA' });
    const NONE = [
      'WIRELESS CALLER',
      'CELLULAR CALLER',
      'Unknown',
      'Scam Likely',
      'Potential Spam',
      'NONE',
      'V12214561500023',
      '+1 214-555-0100',
      ' ',
    ];
    for (const CallerName of NONE) expect(draftOf({ ...FIRST, CallerName }).party).toBeUndefined();
    expect(draftOf({ ...FIRST, CallToken: 'secret' }).event.metadata).not.toHaveProperty('CallToken');
  });

  it('has no name where what its carrier gives is the place of its number', () => {
    const from = (CallerName: string, FromCity: string, FromState = 'TX') => draftOf({ ...FIRST, CallerName, FromCity, FromState }).party;
    for (const [name, city] of [
      ['DALLAS       TX', 'DALLAS'],
      ['Dallas, TX', 'DALLAS'],
      ['DALLAS', 'DALLAS'],
      ['SAN FRANCISC TX', 'SAN FRANCISCO'],
      ['DALLAS       TX', ''],
    ] as const)
      expect(from(name, city)).toBeUndefined();
    expect(from('SMITH  JO', '')).toEqual({ name: 'SMITH  JO' });
    expect([from('DALLAS RUIZ', 'DALLAS'), from('RUIZ ANA', '', '')]).toEqual([{ name: 'DALLAS RUIZ' }, { name: 'RUIZ ANA' }]);
  });

  it('has its time and its length from the callback, and a length of nothing is one', () => {
    expect(draftOf(ENDED)).toMatchObject({ facts: { durationSeconds: 42 }, event: { occurredAt: new Date('2026-11-24T08:31:12Z') } });
    expect(draftOf({ ...ENDED, CallDuration: '0' }).facts.durationSeconds).toBe(0);
    for (const Timestamp of ['yesterday', '-271821-04-20T00:00:00Z', '+275760-09-13T00:00:00Z'])
      expect(draftOf({ ...ENDED, CallDuration: 'long', Timestamp })).toMatchObject({
        facts: { direction: 'INBOUND' },
        event: { occurredAt: null },
      });
    expect(draftOf(FIRST).facts).not.toHaveProperty('durationSeconds');
  });

  it('has one event for its first request, one for each status and one for each verb that is done', () => {
    const keys = [FIRST, ENDED, { ...FIRST, DialCallSid: 'CA2', DialCallStatus: 'busy' }].map((request) => draftOf(request).event.key);
    expect(keys).toEqual(['webhook/call/first/ringing', 'webhook/call/status/completed/0', 'webhook/call/action/CA2/ringing']);
  });

  it('is blamed for what failed in it, and not for an answer of ours that failed', () => {
    const failed = { ...ENDED, CallStatus: 'failed', ErrorCode: '13224', ErrorMessage: 'Invalid number' };
    expect(draftOf(failed).event).toMatchObject({ error: { code: '13224', message: 'Invalid number' }, metadata: { SequenceNumber: '0' } });
    const ours = { ErrorCode: '11200', ErrorUrl: 'https://hub.example/x' };
    for (const request of [
      FIRST,
      { ...FIRST, DialCallSid: 'CA2', DialCallStatus: 'busy' },
      { ...FIRST, CallStatus: 'completed', Digits: '1' },
    ])
      expect(draftOf({ ...request, ...ours })).toEqual(draftOf(request));
  });

  it('keeps what a verb says of its own failure', () => {
    const relayed = { ...FIRST, CallStatus: 'in-progress', SessionStatus: 'failed', ErrorCode: '64105', ErrorMessage: 'WebSocket ended' };
    expect(draftOf(relayed).event).toMatchObject({ error: null, metadata: { ErrorCode: '64105', ErrorMessage: 'WebSocket ended' } });
  });

  it.each<[string, Record<string, string>]>([
    ['what answered', { AnsweredBy: 'machine_end_beep', MachineDetectionDuration: '3200' }],
    ['that it joined a conference', { ConferenceSid: 'CF1', StatusCallbackEvent: 'participant-join', SequenceNumber: '2', Muted: 'false' }],
    ['that its sound is streamed', { StreamSid: 'MZ1', StreamEvent: 'stream-started' }],
    [
      'what is said in it',
      { TranscriptionSid: 'GT1', TranscriptionEvent: 'transcription-content', TranscriptionData: '{"transcript":"Hola"}' },
    ],
  ])('a callback without a status says %s, once, and waits for its call', (_what, more) => {
    const told = { CallSid: 'CA1', AccountSid: 'AC1', ...more };
    const draft = draftOf(told);
    expect(draft).toMatchObject({ externalId: 'CA1', ours: [], facts: {}, attachments: [] });
    expect(draft.event).toMatchObject({ kind: 'STATUS', status: null, error: null, metadata: more });
    expect(draftOf(told).event.key).toBe(draft.event.key);
    expect(draftOf({ ...told, SequenceNumber: '7' }).event.key).not.toBe(draft.event.key);
  });

  it('a conference that tells of no call tells nothing, but says so of a recording that nobody would find', () => {
    const ended = { ConferenceSid: 'CF1', StatusCallbackEvent: 'conference-end' };
    const recorded = { ConferenceSid: 'CF1', RecordingStatus: 'completed', RecordingSid: 'RE1' };
    expect([normalizeCall(of(ended)), normalizeCall(of(recorded))]).toEqual(Array(2).fill({ drafts: [], problems: [] }));
    expect(problemOf({ ...recorded, RecordingUrl: 'https://api.twilio.com/r' })).toContain('conference');
  });

  it('without an id, a status or a status we know is a problem', () => {
    expect(problemOf({ CallStatus: 'ringing' })).toBe('CallSid is missing.');
    expect(problemOf({ CallSid: 'CA1' })).toBe('CallStatus is missing.');
    expect(problemOf({ ...FIRST, CallStatus: 'humming' })).toBe('The call status "humming" is not known.');
    expect(problemOf({ ...FIRST, From: '1'.repeat(301) })).toBe('From is longer than 300 characters.');
  });
});

describe('what a call is asked about more than once', () => {
  const SAID = { ...FIRST, CallStatus: 'in-progress', msg: 'Gather End' };
  const keysOf = (...requests: Record<string, string>[]) => new Set(requests.map((request) => draftOf(request).event.key));

  it('is an event for each thing it heard, with what it heard', () => {
    const heard = [
      { ...SAID, Digits: '1' },
      { ...SAID, Digits: '2' },
      { ...SAID, SpeechResult: 'ventas', Confidence: '0.9' },
      { ...FIRST, CallStatus: 'in-progress' },
      { ...FIRST, CallStatus: 'in-progress', QueueResult: 'bridged', QueueTime: '12' },
      { ...FIRST, CallStatus: 'in-progress', DialCallStatus: 'failed' },
      { ...FIRST, CallStatus: 'in-progress', DialCallStatus: 'busy' },
      { ...FIRST, CallStatus: 'completed', SequenceNumber: '0' },
      { ...FIRST, CallStatus: 'completed', QueueResult: 'hangup' },
      // Of speech that goes on, numbered anew beside the statuses.
      { ...FIRST, CallStatus: 'completed', SequenceNumber: '0', UnstableSpeechResult: 'ven' },
    ];
    expect(keysOf(...heard).size).toBe(heard.length);
    expect(heard.slice(0, 3).map((request) => draftOf(request).event.metadata)).toEqual([
      { msg: 'Gather End', Digits: '1' },
      { msg: 'Gather End', Digits: '2' },
      { msg: 'Gather End', SpeechResult: 'ventas', Confidence: '0.9' },
    ]);
  });

  it.each([
    ['a first request', { ...FIRST, SipDomain: 'hub.example' }],
    ['what was heard', { ...SAID, Digits: '1' }],
    ['a verb that is done', { ...SAID, DialCallStatus: 'failed' }],
  ])('is one event where %s is asked again, at the fallback URL too, in another order and with another token', (_what, request) => {
    const again = Object.fromEntries(Object.entries({ ...request, CallToken: 'b', AddOns: '{"b":1}' }).reverse());
    const fallback = { ...request, ErrorCode: '11200', ErrorUrl: 'https://hub.example/x' };
    expect(keysOf({ ...request, CallToken: 'a', AddOns: '{"a":1}' }, again, fallback).size).toBe(1);
  });
});

describe('a transcription', () => {
  const ACTION = {
    ...FIRST,
    CallStatus: 'completed',
    RecordingSid: 'RE1',
    RecordingUrl: 'https://api.twilio.com/RE1',
    RecordingDuration: '12',
  };
  const TRANSCRIPTION = {
    ...FIRST,
    CallStatus: 'completed',
    RecordingSid: 'RE1',
    RecordingUrl: 'https://api.twilio.com/RE1',
    TranscriptionSid: 'TR1',
    TranscriptionStatus: 'completed',
    TranscriptionText: 'Hola, soy Ana',
  };

  it('is an event of its own, with its text, of a call that it waits for', () => {
    expect(draftOf(ACTION).event.key).toBe('webhook/call/action/RE1/completed');
    expect(draftOf(TRANSCRIPTION)).toMatchObject({
      externalId: 'CA1',
      ours: [],
      facts: {},
      event: {
        key: 'webhook/transcription/TR1/completed',
        kind: 'RECORDING',
        status: null,
        metadata: { RecordingSid: 'RE1', TranscriptionSid: 'TR1', TranscriptionText: 'Hola, soy Ana' },
      },
    });
  });

  it('leaves the file to the requests that know how long it is', () => {
    expect(draftOf(ACTION).attachments).toMatchObject([{ key: 'RE1', durationSeconds: 12 }]);
    expect(draftOf(TRANSCRIPTION).attachments).toEqual([]);
  });

  it('that failed is one without a text', () => {
    const { event } = draftOf({ ...TRANSCRIPTION, TranscriptionStatus: 'failed', TranscriptionText: '' });
    expect(event).toMatchObject({ key: 'webhook/transcription/TR1/failed', status: null });
  });
});

describe('a recording', () => {
  it('is a file and an event of its call, and names no address of ours', () => {
    expect(draftOf(RECORDING)).toMatchObject({
      externalId: 'CA1',
      ours: [],
      facts: {},
      event: { key: 'webhook/recording/RE1/completed', kind: 'RECORDING', status: null, error: null },
      attachments: [{ key: 'RE1', contentType: 'audio/mpeg', sourceUrl: 'https://api.twilio.com/RE1.mp3' }],
    });
  });

  it('that is not there or not ready is no file', () => {
    // That it began goes below how it ended, whichever comes first.
    expect(draftOf({ ...RECORDING, RecordingStatus: 'in-progress' }).event.key).toBe('webhook/stand-in/recording/RE1');
    for (const RecordingStatus of ['absent', 'in-progress', 'failed'])
      expect(draftOf({ ...RECORDING, RecordingStatus }).attachments).toEqual([]);
  });
});

describe('our own id in the callback URL', () => {
  const id = '62feb409-ca6e-420f-a57b-7505480c0a8c';
  const ours = (parameters: Record<string, string>) => normalizeCall(of(parameters), id).drafts[0]!;

  it.each([
    ['a status', { ...ENDED, Direction: 'outbound-api' }],
    ['the first request', { ...FIRST, CallStatus: 'in-progress', Direction: 'outbound-api' }],
    ['a recording', RECORDING],
  ])('says which call %s is about', (_what, parameters) => {
    expect(ours(parameters)).toEqual({ ...draftOf(parameters), activityId: id });
  });

  it('says nothing of a call that came in', () => {
    for (const parameters of [FIRST, ENDED]) expect(ours(parameters)).toEqual(draftOf(parameters));
  });
});
