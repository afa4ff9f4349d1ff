import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import { readTwiml } from './twiml.js';

describe('TwiML', () => {
  it('is read as the official package writes it', () => {
    const twiml = new VoiceResponse();
    twiml.say({ language: 'es-MX' }, '¿<Qué> tal & "adiós"?');
    const dial = twiml.dial({ action: 'https://hub.example/a?x=1&y=2#rc=5', callerId: '+12025550110' });
    dial.number({ statusCallbackEvent: ['initiated', 'completed'] }, '+12025550147');
    twiml.hangup();
    expect(readTwiml(twiml.toString())).toEqual([
      { name: 'Say', attributes: { language: 'es-MX' }, text: '¿<Qué> tal & "adiós"?', children: [] },
      {
        name: 'Dial',
        attributes: { action: 'https://hub.example/a?x=1&y=2#rc=5', callerId: '+12025550110' },
        text: '',
        children: [{ name: 'Number', attributes: { statusCallbackEvent: 'initiated completed' }, text: '+12025550147', children: [] }],
      },
      { name: 'Hangup', attributes: {}, text: '', children: [] },
    ]);
  });

  it.each([
    ["<Response><Dial timeout='5'>+12025550147</Dial></Response>", 1],
    ['<?xml version="1.0"?><!-- a comment --><Response/>', 0],
    ['<Response><Say>unclosed</Response>', 0],
    ['<Message>of something else</Message>', 0],
    ['no XML', 0],
    ['', 0],
  ])('has as many verbs as can be read of it: %s', (document, count) => expect(readTwiml(document)).toHaveLength(count));

  it('may number its characters', () => expect(readTwiml('<Response><Say>&#241;&#xF1;&nbsp;</Say></Response>')[0]!.text).toBe('ññ&nbsp;'));
});
