import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import { composeInboundMessage, type InboundMessage } from './inbound-message.js';

const CREDENTIALS = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'a token of this test' };
const SMS: InboundMessage = {
  channel: 'SMS',
  from: '+12025550147',
  to: '+12025550110',
  body: "¿Qué tal? It's 100% fine & good 👋\n<br>",
  messageSid: `SM${'1'.repeat(32)}`,
  idempotencyToken: '67661deb-e1ec-4365-ab99-98812a6bd7c6',
};

describe('an inbound message as Twilio tells it', () => {
  it('of WhatsApp goes to its own door, with addresses that say so, and holds as well', () => {
    const { path, headers, body } = composeInboundMessage({ ...SMS, channel: 'WHATSAPP' }, 'http://localhost:3000', CREDENTIALS);
    const params = Object.fromEntries(new URLSearchParams(body));
    expect(path).toBe('/api/webhooks/whatsapp/twilio');
    expect(params).toMatchObject({ From: `whatsapp:${SMS.from}`, To: `whatsapp:${SMS.to}`, WaId: '12025550147', Body: SMS.body });
    expect(validateRequest(CREDENTIALS.authToken, headers['X-Twilio-Signature'] ?? '', `http://localhost:3000${path}`, params)).toBe(true);
  });

  it.each(['http://localhost:3000', 'https://hub.example.com:8443/behind/a/path'])(
    'holds before Twilio’s own validator at %s',
    (publicUrl) => {
      const { path, headers, body } = composeInboundMessage(SMS, publicUrl, CREDENTIALS);
      const params = Object.fromEntries(new URLSearchParams(body));
      expect(validateRequest(CREDENTIALS.authToken, headers['X-Twilio-Signature'] ?? '', publicUrl + path, params)).toBe(true);
      expect(validateRequest('another token', headers['X-Twilio-Signature'] ?? '', publicUrl + path, params)).toBe(false);
    },
  );

  it('carries the message unchanged, and its id in all three names', () => {
    const { body, externalId } = composeInboundMessage(SMS, 'http://localhost:3000', CREDENTIALS);
    expect(externalId).toBe(SMS.messageSid);
    expect(Object.fromEntries(new URLSearchParams(body))).toMatchObject({
      From: SMS.from,
      To: SMS.to,
      Body: SMS.body,
      MessageSid: SMS.messageSid,
      SmsSid: SMS.messageSid,
      SmsMessageSid: SMS.messageSid,
      AccountSid: CREDENTIALS.accountSid,
      SmsStatus: 'received',
      NumMedia: '0',
    });
  });

  it.each([
    ['a'.repeat(160), '1'],
    ['a'.repeat(161), '2'],
    ['ñ'.repeat(70), '1'],
    ['ñ'.repeat(135), '3'],
    ['', '1'],
  ])('counts segments', (body, segments) => {
    expect(new URLSearchParams(composeInboundMessage({ ...SMS, body }, 'http://localhost:3000', CREDENTIALS).body).get('NumSegments')).toBe(
      segments,
    );
  });
});
