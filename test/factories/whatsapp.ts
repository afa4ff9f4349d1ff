import { form, type Request, sid, type Signer } from './twilio.js';

export const WHATSAPP_PATH = '/api/webhooks/whatsapp/twilio';

/** A WhatsApp message as Twilio brings it: from a number or a user id, with the number and the name where they are told. */
export function inboundWhatsApp(
  signer: Signer,
  message: { from: string; to: string; body?: string; waId?: string; name?: string; sid?: string },
): Request {
  const id = message.sid ?? sid('SM');
  return form(
    signer,
    {
      MessageSid: id,
      SmsSid: id,
      SmsMessageSid: id,
      AccountSid: signer.accountSid,
      SmsStatus: 'received',
      From: `whatsapp:${message.from}`,
      To: `whatsapp:${message.to}`,
      Body: message.body ?? 'hola',
      NumMedia: '0',
      ...(message.waId && { WaId: message.waId }),
      ...(message.name && { ProfileName: message.name }),
    },
    WHATSAPP_PATH,
  );
}
