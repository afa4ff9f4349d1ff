import { describe, expect, it } from '@jest/globals';
import { readVoice } from './voice-answer-form.js';

describe('readVoice', () => {
  it('takes what is absent or null from the default', () => {
    const byDefault = { greeting: null, forwardTo: null, voicemail: true, record: false };
    expect(readVoice({})).toEqual(byDefault);
    expect(readVoice({ greeting: null, forwardTo: ' ', voicemail: null, record: null })).toEqual(byDefault);
  });

  it('keeps a greeting as it is, and a number as E.164', () => {
    expect(readVoice({ greeting: ' ¡Hola! <Norte> & Sur\n', forwardTo: '+1 (202) 555-0147', voicemail: false, record: true })).toEqual({
      greeting: '¡Hola! <Norte> & Sur',
      forwardTo: '+12025550147',
      voicemail: false,
      record: true,
    });
  });

  it.each([
    ['greeting', { greeting: 'x'.repeat(1001) }],
    ['greeting', { greeting: 'a\0b' }],
    ['greeting', { greeting: 'a\u0007b' }],
    ['greeting', { greeting: 'a\ud800b' }],
    ['forwardTo', { forwardTo: '2025550147' }],
    ['forwardTo', { forwardTo: '+1202' }],
    ['forwardTo', { forwardTo: 'sip:ana@example.com' }],
  ])('names %s where it is %j', (field, given) => {
    expect(readVoice(given)).toEqual({ field, problem: expect.stringContaining(field) });
  });
});
