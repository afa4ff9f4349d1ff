import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import { inboundMessage, type InboundMessage } from './inbound-message.js';

const SIGNER = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'a token of this test', publicUrl: 'http://localhost:3000' };
const SMS: InboundMessage = {
  channel: 'SMS',
  from: '+12025550147',
  to: '+12025550110',
  body: "¿Qué tal? It's 100% fine & good 👋\n<br>",
  messageSid: `SM${'1'.repeat(32)}`,
  media: [],
  idempotencyToken: '67661deb-e1ec-4365-ab99-98812a6bd7c6',
};
const deliver = (message: InboundMessage, publicUrl = SIGNER.publicUrl) => inboundMessage(message, { ...SIGNER, publicUrl }).deliveries[0]!;
const paramsOf = (message: InboundMessage) => Object.fromEntries(new URLSearchParams(deliver(message).body));

describe('an inbound message as Twilio tells it', () => {
  it('of WhatsApp goes to its own door, with addresses that say so, and holds as well', () => {
    const { path, headers, body } = deliver({ ...SMS, channel: 'WHATSAPP' });
    const params = Object.fromEntries(new URLSearchParams(body));
    expect(path).toBe('/api/webhooks/whatsapp/twilio');
    expect(params).toMatchObject({ From: `whatsapp:${SMS.from}`, To: `whatsapp:${SMS.to}`, WaId: '12025550147', Body: SMS.body });
    expect(validateRequest(SIGNER.authToken, headers['X-Twilio-Signature'] ?? '', SIGNER.publicUrl + path, params)).toBe(true);
  });

  it.each(['http://localhost:3000', 'https://hub.example.com:8443/behind/a/path'])(
    'holds before Twilio’s own validator at %s',
    (publicUrl) => {
      const { path, headers, body } = deliver(SMS, publicUrl);
      const params = Object.fromEntries(new URLSearchParams(body));
      expect(validateRequest(SIGNER.authToken, headers['X-Twilio-Signature'] ?? '', publicUrl + path, params)).toBe(true);
      expect(validateRequest('another token', headers['X-Twilio-Signature'] ?? '', publicUrl + path, params)).toBe(false);
    },
  );

  it('carries the message unchanged, and its id in all three names', () => {
    expect(inboundMessage(SMS, SIGNER).externalId).toBe(SMS.messageSid);
    expect(paramsOf(SMS)).toMatchObject({
      From: SMS.from,
      To: SMS.to,
      Body: SMS.body,
      MessageSid: SMS.messageSid,
      SmsSid: SMS.messageSid,
      SmsMessageSid: SMS.messageSid,
      AccountSid: SIGNER.accountSid,
      SmsStatus: 'received',
      NumMedia: '0',
    });
  });

  it('names the files of an MMS where Twilio would keep them', () => {
    const [messageSid, sid] = [`MM${'2'.repeat(32)}`, `ME${'3'.repeat(32)}`];
    const params = paramsOf({ ...SMS, messageSid, media: [{ sid, contentType: 'image/jpeg' }] });
    expect(params).toMatchObject({
      NumMedia: '1',
      MediaContentType0: 'image/jpeg',
      MediaUrl0: `https://api.twilio.com/2010-04-01/Accounts/${SIGNER.accountSid}/Messages/${messageSid}/Media/${sid}`,
    });
  });

  it.each([
    ['a'.repeat(160), '1'],
    ['a'.repeat(161), '2'],
    ['ñ'.repeat(70), '1'],
    ['ñ'.repeat(135), '3'],
    ['', '1'],
  ])('counts segments', (body, segments) => expect(paramsOf({ ...SMS, body }).NumSegments).toBe(segments));
});
