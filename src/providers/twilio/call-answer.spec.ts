import { describe, expect, it } from '@jest/globals';
import { type VoiceAnswer } from '../../core/adapters/voice-answer.js';
import { answerCall, answeringNumber } from './call-answer.js';

const URL = 'https://hub.example/api/webhooks/voip/twilio';
const BACK = `${URL}#rc=5&amp;rp=all`;
const FIRST = { CallSid: 'CA1', From: '+34600111222', To: '+12025550110', CallStatus: 'ringing', Direction: 'inbound' };
const SAID = { CallSid: 'CA1', From: '+34600111222', To: '+12025550110', CallStatus: 'in-progress', Direction: 'inbound' };
const voiceOf = (more: Partial<VoiceAnswer>): VoiceAnswer => ({ greeting: null, forwardTo: null, voicemail: true, record: false, ...more });
const of = (parameters: Record<string, string>) => new Map(Object.entries(parameters).map(([name, value]) => [name, [value]]));
/** Without the XML declaration. */
const answer = (parameters: Record<string, string>, voice?: VoiceAnswer) =>
  answerCall(of(parameters), URL, voice)?.replace(/^<\?xml[^>]*>/, '');

const RECORD = `<Record maxLength="300" playBeep="true" action="${BACK}" recordingStatusCallback="${BACK}"/><Hangup/>`;
const say = (text: string, language = 'en-US') => `<Say language="${language}">${text}</Say>`;

describe('The first answer to a call', () => {
  it('is a short greeting and voicemail where the sender has none of its own', () => {
    expect(answer(FIRST)).toBe(`<Response>${say('Thank you for calling. Please leave a message after the tone.')}${RECORD}</Response>`);
  });

  it("is the sender's greeting, as XML, and voicemail", () => {
    const voice = voiceOf({ greeting: 'Ann & Bob <"office">' });
    expect(answer(FIRST, voice)).toBe(`<Response>${say('Ann &amp; Bob &lt;"office"&gt;')}${RECORD}</Response>`);
  });

  it('is a greeting and the end without voicemail', () => {
    expect(answer(FIRST, voiceOf({ greeting: 'We moved.', voicemail: false }))).toBe(`<Response>${say('We moved.')}<Hangup/></Response>`);
    expect(answer(FIRST, voiceOf({ voicemail: false }))).toBe(
      `<Response>${say('Nobody can take your call right now. Goodbye.')}<Hangup/></Response>`,
    );
  });

  it('rings the number it is forwarded to, and comes back for what follows', () => {
    const number = `<Number statusCallback="${BACK}" statusCallbackEvent="initiated ringing answered completed">+12025550147</Number>`;
    expect(answer(FIRST, voiceOf({ forwardTo: '+12025550147' }))).toBe(
      `<Response><Dial action="${BACK}" answerOnBridge="true" timeout="20">${number}</Dial></Response>`,
    );
    expect(answer(FIRST, voiceOf({ forwardTo: '+12025550147', greeting: 'One moment.', record: true }))).toBe(
      `<Response>${say('One moment.')}<Dial action="${BACK}" answerOnBridge="true" timeout="20" record="record-from-answer-dual" recordingStatusCallback="${BACK}">${number}</Dial></Response>`,
    );
  });

  it.each(['client:alice', 'sip:bob@pbx.example', 'anonymous', '+266696687', ''])(
    'shows a forwarded call of %p as of the number called, for carriers refuse what is no number',
    (From) => {
      const dial = (parameters: Record<string, string>) => answer(parameters, voiceOf({ forwardTo: '+12025550147' }));
      expect(dial({ ...FIRST, From })).toContain(`<Dial callerId="+12025550110" action="${BACK}"`);
      expect(dial({ ...FIRST, From, To: 'sip:ana@hub.example' })).not.toContain('callerId');
    },
  );

  it.each([
    ['+5215512345678', null, 'es-MX', 'Gracias por su llamada. Por favor, deje su mensaje después del tono.'],
    ['+34910000000', null, 'es-ES', 'Gracias por su llamada. Por favor, deje su mensaje después del tono.'],
    ['+12025550110', '¿Sí? Deje su mensaje.', 'es-MX', '¿Sí? Deje su mensaje.'],
    ['sip:ana@hub.example', null, 'en-US', 'Thank you for calling. Please leave a message after the tone.'],
  ])('to %s with the greeting %p is in %s', (To, greeting, language, text) => {
    expect(answer({ ...FIRST, To }, voiceOf({ greeting }))).toContain(say(text, language));
  });
});

describe('The answer after a forwarded call', () => {
  const dialed = (DialCallStatus: string) => ({ ...SAID, DialCallSid: 'CA2', DialCallStatus });

  it.each(['busy', 'no-answer', 'failed', 'canceled'])('that was %s is voicemail, or a goodbye where there is none', (status) => {
    expect(answer(dialed(status), voiceOf({ forwardTo: '+12025550147' }))).toBe(
      `<Response>${say('Nobody can take your call right now. Please leave a message after the tone.')}${RECORD}</Response>`,
    );
    expect(answer(dialed(status), voiceOf({ forwardTo: '+12025550147', voicemail: false }))).toBe(
      `<Response>${say('Nobody can take your call right now. Goodbye.')}<Hangup/></Response>`,
    );
  });

  it('that was taken is the end, and so is that after a message, and of a call we placed', () => {
    const end = '<Response><Hangup/></Response>';
    expect(answer(dialed('completed'), voiceOf({ forwardTo: '+12025550147' }))).toBe(end);
    expect(answer({ ...SAID, RecordingUrl: 'https://api.twilio.com/RE1', RecordingSid: 'RE1' })).toBe(end);
    expect(answer({ ...dialed('busy'), Direction: 'outbound-api' })).toBe(end);
  });
});

describe('Who answers a call', () => {
  const by = (parameters: Record<string, string>) => answeringNumber(of(parameters));

  it('is the number called, while the caller waits', () => {
    expect(by(FIRST)).toBe('+12025550110');
    expect(by({ ...FIRST, To: ' 12025550110' })).toBe('+12025550110');
    expect(by({ ...SAID, DialCallStatus: 'busy' })).toBe('+12025550110');
  });

  it.each([
    ['a call we placed', { ...FIRST, Direction: 'outbound-api' }],
    ['a forwarded call that was taken', { ...SAID, DialCallStatus: 'completed' }],
    ['a message that was left', { ...SAID, RecordingUrl: 'https://api.twilio.com/RE1' }],
    ['a callback', { ...FIRST, SequenceNumber: '1' }],
    ['a call that ended', { ...FIRST, CallStatus: 'completed' }],
  ])('is nobody for %s', (_name, parameters) => {
    expect(by(parameters)).toBeUndefined();
  });

  it('and a callback, a recording, its transcription and a call that only begins want no answer', () => {
    for (const told of [
      { ...FIRST, SequenceNumber: '1' },
      { ...FIRST, CallStatus: 'queued' },
      { ...SAID, RecordingStatus: 'completed' },
      { ...FIRST, CallStatus: 'completed', CallDuration: '9', SequenceNumber: '3', RecordingUrl: 'https://api.twilio.com/RE1' },
      { ...SAID, RecordingUrl: 'https://api.twilio.com/RE1', TranscriptionStatus: 'completed' },
    ])
      expect(answer(told)).toBeUndefined();
  });
});
