import { generateKeyPairSync } from 'node:crypto';
import { EventWebhook } from '@sendgrid/eventwebhook';
import { inboundMail } from './inbound-mail.js';

const MAIL = {
  from: 'ana@example.com',
  to: 'hello@uno.example',
  subject: '¿Abren mañana?',
  body: 'Hola,\n¿abren?',
  messageId: '<1@example.com>',
  sentAt: new Date('2026-11-24T08:31:12.900Z'),
  boundary: 'xYzZY01',
};

describe('an inbound mail as SendGrid posts it', () => {
  it('is signed so that SendGrid’s own verifier accepts it', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const [signingKey, verificationKey] = [
      privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
      publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    ];
    const { path, headers, body } = inboundMail(MAIL, { signingKey }).deliveries[0]!;
    const verifier = new EventWebhook();
    const holds = (text: string) =>
      verifier.verifySignature(
        verifier.convertPublicKeyToECDSA(verificationKey),
        text,
        headers['X-Twilio-Email-Event-Webhook-Signature']!,
        headers['X-Twilio-Email-Event-Webhook-Timestamp']!,
      );
    expect(path).toBe('/api/webhooks/email/sendgrid/inbound');
    expect([holds(body), holds(body.replace('Hola', 'Adiós'))]).toEqual([true, false]);
  });

  it('has the token in its address instead, where that is what lets it in', () => {
    const { path, headers } = inboundMail(MAIL, { inboundToken: 'a&b c' }).deliveries[0]!;
    expect(path).toBe('/api/webhooks/email/sendgrid/inbound?token=a%26b%20c');
    expect(Object.keys(headers)).toEqual(['Content-Type', 'User-Agent']);
  });

  it('is a form of Inbound Parse, with the true recipient in its envelope', async () => {
    const { headers, body } = inboundMail(MAIL, { inboundToken: 'a token of this test' }).deliveries[0]!;
    const form = await new Response(body, { headers: { 'content-type': headers['Content-Type']! } }).formData();
    expect(Object.fromEntries(form)).toMatchObject({
      from: MAIL.from,
      to: MAIL.to,
      subject: MAIL.subject,
      text: MAIL.body,
      envelope: JSON.stringify({ to: [MAIL.to], from: MAIL.from }),
      headers: expect.stringContaining('Message-ID: <1@example.com>\n') as string,
    });
  });
});
