import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { type ProviderDelivery } from './provider-delivery.js';

export interface TwilioSigner {
  readonly accountSid: string;
  readonly authToken: string;
  /** What Twilio signs is this and the path. */
  readonly publicUrl: string;
}

/** The parameters of a request, as Twilio posts them. */
export type TwilioForm = Readonly<Record<string, string>>;

export interface TwilioRequest {
  readonly tells: string;
  readonly path: string;
  readonly form: TwilioForm;
  /** A UUID: Twilio repeats it when it retries. */
  readonly idempotencyToken: string;
}

/** A form as Twilio posts it to one of our doors. */
export function signedByTwilio({ tells, path, form, idempotencyToken }: TwilioRequest, signer: TwilioSigner): ProviderDelivery {
  return { tells, path, ...postedByTwilio(signer.publicUrl + path, form, signer.authToken, idempotencyToken) };
}

/** A form as Twilio posts it to `url` (which has no fragment), with the headers of its webhooks (Twilio docs, Webhooks security), signed with Twilio's own code. */
export function postedByTwilio(
  url: string,
  form: TwilioForm,
  authToken: string,
  idempotencyToken: string,
): Pick<ProviderDelivery, 'headers' | 'body'> {
  return {
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'User-Agent': 'TwilioProxy/1.1',
      'I-Twilio-Idempotency-Token': idempotencyToken,
      'X-Home-Region': 'us1',
      'X-Twilio-Signature': getExpectedTwilioSignature(authToken, url, form),
    },
    body: new URLSearchParams(form).toString(),
  };
}
