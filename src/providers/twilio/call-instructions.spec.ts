import { describe, expect, it } from '@jest/globals';
import { type Outbound, type OutboundCall } from '../../core/adapters/outbound.js';
import { callRequest } from './call-instructions.js';
import { checkCall } from './check-call.js';

const BACK = 'https://hub.example.com/api/webhooks/voip/twilio?centralita_activity=a#rc=5&rp=all';
const ESCAPED = BACK.replace('&', '&amp;');
const STEPS = ['initiated', 'ringing', 'answered', 'completed'];

const callOf = (call: Partial<OutboundCall>): Outbound => ({
  notAfter: new Date(8.64e15),
  activityId: 'a',
  from: '+15005550006',
  to: '+34600111222',
  subject: null,
  body: null,
  files: [],
  answers: null,
  call: { agent: null, say: null, record: false, ...call },
});
const xml = (inner: string): string => `<?xml version="1.0" encoding="UTF-8"?><Response>${inner}</Response>`;

describe('callRequest', () => {
  it('with an agent rings the agent, and then dials the customer from our number', () => {
    expect(callRequest(callOf({ agent: '+15005550001', say: 'unheard' }), BACK)).toEqual({
      to: '+15005550001',
      from: '+15005550006',
      twiml: xml(`<Dial action="${ESCAPED}" callerId="+15005550006"><Number>+34600111222</Number></Dial>`),
      statusCallback: BACK,
      statusCallbackEvent: STEPS,
    });
  });

  it('records an agent’s call from when the customer is there', () => {
    const { twiml, record } = callRequest(callOf({ agent: '+15005550001', record: true }), BACK);
    expect(twiml).toContain(`record="record-from-answer-dual" recordingStatusCallback="${ESCAPED}"`);
    expect(record).toBeUndefined();
  });

  it.each([
    ['+34600111222', 'Hola', 'es-ES'],
    ['+525512345678', 'Hola', 'es-MX'],
    ['+12025550123', 'Hello', 'en-US'],
    ['+12025550123', '¡Buenos días!', 'es-MX'],
  ])('without one %s hears «%s» in %s', (to, say, language) => {
    const request = callRequest({ ...callOf({ say }), to }, BACK);
    expect(request).toEqual({
      to,
      from: '+15005550006',
      twiml: xml(`<Say language="${language}">${say}</Say>`),
      statusCallback: BACK,
      statusCallbackEvent: STEPS,
    });
  });

  it('records a spoken call by Twilio’s own parameters', () => {
    expect(callRequest(callOf({ say: 'x', record: true }), BACK)).toMatchObject({
      record: true,
      recordingChannels: 'dual',
      recordingStatusCallback: BACK,
    });
  });

  it('what is said is text, whatever is in it', () => {
    const { twiml } = callRequest(callOf({ say: '</Say><Hangup/> & "x" \u0001\ud800 👋' }), BACK);
    expect(twiml).toContain('>&lt;/Say&gt;&lt;Hangup/&gt; &amp; "x"    👋</Say>');
  });
});

describe('checkCall', () => {
  it('asks for words where there is no agent', () => {
    expect(checkCall(callOf({ say: ' ' }))).toMatchObject({ field: 'say' });
    expect(checkCall(callOf({}))).toMatchObject({ field: 'say' });
    expect(checkCall(callOf({ say: 'hola' }))).toBeUndefined();
    expect(checkCall(callOf({ agent: '+15005550001' }))).toBeUndefined();
  });

  it('knows that instructions have 4,000 characters', () => {
    expect(checkCall(callOf({ say: 'a'.repeat(3_880) }))).toBeUndefined();
    expect(checkCall(callOf({ say: 'a'.repeat(4_000) }))).toMatchObject({ field: 'say', problem: expect.stringContaining('too long') });
    expect(checkCall(callOf({ say: '&'.repeat(1_000) }))).toMatchObject({ field: 'say' });
  });
});
