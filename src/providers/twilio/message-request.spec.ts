import { describe, expect, it } from '@jest/globals';
import { type Outbound } from '../../core/adapters/outbound.js';
import { callbackUrl } from './callback-url.js';
import { messageRequest } from './message-request.js';

const MESSAGE: Outbound = {
  notAfter: new Date(8.64e15),
  activityId: 'a',
  from: '+15005550006',
  to: '+34600111222',
  subject: null,
  body: 'hola',
  files: [],
  answers: null,
};

describe('messageRequest', () => {
  it('a Messaging Service stands in place of a number, on WhatsApp without the prefix', () => {
    const from = `MG${'a'.repeat(32)}`;
    const { body, to } = MESSAGE;
    expect(messageRequest({ ...MESSAGE, from }, 'SMS', 'u')).toEqual({ to, messagingServiceSid: from, body, statusCallback: 'u' });
    expect(messageRequest({ ...MESSAGE, from }, 'WHATSAPP', 'u')).toMatchObject({ to: `whatsapp:${to}`, messagingServiceSid: from });
  });

  it.each(['+15005550006', '12345', 'Tienda', 'MGM Resorts'])('%s is who sends', (from) => {
    expect(messageRequest({ ...MESSAGE, from }, 'SMS', 'u')).toMatchObject({ from });
  });

  it('an RCS agent writes by RCS', () => {
    const from = 'rcs:norte_a1b2_agent';
    expect(messageRequest({ ...MESSAGE, from }, 'SMS', 'u')).toMatchObject({ from, to: 'rcs:+34600111222' });
  });

  it('a template without variables has none, and no text of ours beside it', () => {
    const template = { id: 'HX1', language: null, variables: {} };
    const request = messageRequest({ ...MESSAGE, template, mediaUrls: ['https://example.com/a'] }, 'WHATSAPP', 'u');
    expect(request).toEqual({ to: 'whatsapp:+34600111222', from: 'whatsapp:+15005550006', contentSid: 'HX1', statusCallback: 'u' });
  });
});

describe('callbackUrl', () => {
  it.each([
    ['SMS', 'sms'],
    ['WHATSAPP', 'whatsapp'],
    ['VOICE', 'voip'],
  ] as const)('of %s is its own door, names the activity, and asks for retries', (channel, path) => {
    const url = `https://hub.example.com/x/api/webhooks/${path}/twilio?centralita_activity=a%26b#rc=5&rp=all`;
    expect(callbackUrl('https://hub.example.com/x', channel, 'a&b')).toBe(url);
  });
});
