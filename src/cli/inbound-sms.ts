import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { type ProviderDelivery } from './provider-delivery.js';

export interface InboundSms {
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

const PATH = '/api/webhooks/sms/twilio';

/**
 * A text message that came in, as Twilio tells it: the form and the headers of its messaging webhook (Twilio docs, Messaging webhook
 * request), signed over `publicUrl` with Twilio's own code.
 */
export function composeInboundSms(sms: InboundSms, publicUrl: string, credentials: TwilioCredentials): ProviderDelivery {
  const form = {
    ToCountry: 'US',
    ToState: '',
    SmsMessageSid: sms.messageSid,
    NumMedia: '0',
    ToCity: '',
    FromZip: '',
    SmsSid: sms.messageSid,
    FromState: '',
    SmsStatus: 'received',
    FromCity: '',
    Body: sms.body,
    FromCountry: 'US',
    To: sms.to,
    ToZip: '',
    NumSegments: String(segmentsOf(sms.body)),
    MessageSid: sms.messageSid,
    AccountSid: credentials.accountSid,
    From: sms.from,
    ApiVersion: '2010-04-01',
  };
  return {
    externalId: sms.messageSid,
    path: PATH,
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'User-Agent': 'TwilioProxy/1.1',
      'I-Twilio-Idempotency-Token': sms.idempotencyToken,
      'X-Home-Region': 'us1',
      'X-Twilio-Signature': getExpectedTwilioSignature(credentials.authToken, publicUrl + PATH, form),
    },
    body: new URLSearchParams(form).toString(),
  };
}

/** Near enough: ASCII stands for GSM-7's alphabet. */
function segmentsOf(body: string): number {
  // eslint-disable-next-line no-control-regex
  const [alone, joined] = /^[\x00-\x7f]*$/.test(body) ? [160, 153] : [70, 67];
  return body.length <= alone ? 1 : Math.ceil(body.length / joined);
}
