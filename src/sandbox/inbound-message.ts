import { type SimulatedLife } from './provider-delivery.js';
import { signedByTwilio, type TwilioSigner } from './twilio-request.js';

/** A file of a message. Twilio would serve it with this id. */
export interface MessageMedia {
  /** `ME` and 32 hex digits. */
  readonly sid: string;
  readonly contentType: string;
}

export interface InboundMessage {
  readonly channel: 'SMS' | 'WHATSAPP';
  readonly from: string;
  readonly to: string;
  readonly body: string;
  /** `SM` and 32 hex digits; `MM` with media. */
  readonly messageSid: string;
  readonly media: readonly MessageMedia[];
  readonly idempotencyToken: string;
}

const PLACES = { ToCountry: 'US', ToState: '', ToCity: '', FromZip: '', FromState: '', FromCity: '', FromCountry: 'US', ToZip: '' };

/** A message that came in, as Twilio tells it (Twilio docs, Messaging webhook request). */
export function inboundMessage(message: InboundMessage, signer: TwilioSigner): SimulatedLife {
  const { channel, messageSid, idempotencyToken } = message;
  const form = {
    SmsMessageSid: messageSid,
    NumMedia: String(message.media.length),
    SmsSid: messageSid,
    SmsStatus: 'received',
    Body: message.body,
    NumSegments: String(segmentsOf(message.body)),
    MessageSid: messageSid,
    AccountSid: signer.accountSid,
    ApiVersion: '2010-04-01',
    ...(channel === 'SMS' ? { ...PLACES, From: message.from, To: message.to } : onWhatsApp(message)),
    ...mediaFields(message, signer.accountSid),
  };
  const path = `/api/webhooks/${channel.toLowerCase()}/twilio`;
  const delivery = signedByTwilio({ tells: 'a message came', path, form, idempotencyToken }, signer);
  return { channel, provider: 'TWILIO', externalId: messageSid, deliveries: [delivery] };
}

function onWhatsApp({ from, to }: InboundMessage): Record<string, string> {
  return { From: `whatsapp:${from}`, To: `whatsapp:${to}`, WaId: from.replace('+', ''), ProfileName: 'Ana', MessageType: 'text' };
}

/** Where Twilio keeps what came with a message. */
function mediaFields({ media, messageSid }: InboundMessage, accountSid: string): Record<string, string> {
  const base = `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages/${messageSid}/Media`;
  return Object.fromEntries(
    media.flatMap(({ sid, contentType }, i) => [
      [`MediaContentType${i}`, contentType],
      [`MediaUrl${i}`, `${base}/${sid}`],
    ]),
  );
}

/** Near enough: ASCII stands for GSM-7's alphabet. */
export function segmentsOf(body: string): number {
  // oxlint-disable-next-line no-control-regex
  const [alone, joined] = /^[\x00-\x7f]*$/.test(body) ? [160, 153] : [70, 67];
  return body.length <= alone ? 1 : Math.ceil(body.length / joined);
}
