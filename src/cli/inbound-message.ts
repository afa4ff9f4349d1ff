import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { type ProviderDelivery } from './provider-delivery.js';

/** The channels that Twilio carries messages of. */
export type MessageChannel = 'SMS' | 'WHATSAPP';

export interface InboundMessage {
  readonly channel: MessageChannel;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  /** `SM` and 32 hex digits. */
  readonly messageSid: string;
  /** A UUID: Twilio repeats it when it retries. */
  readonly idempotencyToken: string;
}

export interface TwilioCredentials {
  readonly accountSid: string;
  readonly authToken: string;
}

const PLACES = { ToCountry: 'US', ToState: '', ToCity: '', FromZip: '', FromState: '', FromCity: '', FromCountry: 'US', ToZip: '' };

/**
 * A text message that came in, as Twilio tells it: the form and the headers of its messaging webhook (Twilio docs, Messaging webhook
 * request), signed over `publicUrl` with Twilio's own code.
 */
export function composeInboundMessage(message: InboundMessage, publicUrl: string, credentials: TwilioCredentials): ProviderDelivery {
  const path = `/api/webhooks/${message.channel.toLowerCase()}/twilio`;
  const form = {
    SmsMessageSid: message.messageSid,
    NumMedia: '0',
    SmsSid: message.messageSid,
    SmsStatus: 'received',
    Body: message.body,
    NumSegments: String(segmentsOf(message.body)),
    MessageSid: message.messageSid,
    AccountSid: credentials.accountSid,
    ApiVersion: '2010-04-01',
    ...(message.channel === 'SMS' ? { ...PLACES, From: message.from, To: message.to } : onWhatsApp(message)),
  };
  return {
    externalId: message.messageSid,
    path,
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'User-Agent': 'TwilioProxy/1.1',
      'I-Twilio-Idempotency-Token': message.idempotencyToken,
      'X-Home-Region': 'us1',
      'X-Twilio-Signature': getExpectedTwilioSignature(credentials.authToken, publicUrl + path, form),
    },
    body: new URLSearchParams(form).toString(),
  };
}

function onWhatsApp({ from, to }: InboundMessage): Record<string, string> {
  return { From: `whatsapp:${from}`, To: `whatsapp:${to}`, WaId: from.replace('+', ''), ProfileName: 'Ana', MessageType: 'text' };
}

/** Near enough: ASCII stands for GSM-7's alphabet. */
function segmentsOf(body: string): number {
  // eslint-disable-next-line no-control-regex
  const [alone, joined] = /^[\x00-\x7f]*$/.test(body) ? [160, 153] : [70, 67];
  return body.length <= alone ? 1 : Math.ceil(body.length / joined);
}
