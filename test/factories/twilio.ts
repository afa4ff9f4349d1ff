import { createHash, randomBytes } from 'node:crypto';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { type TestServer } from '../support/server.js';

export const SMS_PATH = '/api/webhooks/sms/twilio';

/** A request as a provider makes it. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/** An id in Twilio's shape; the same for the same seed. */
export function sid(prefix: 'CA' | 'SM' | 'MM' | 'MG', seed?: string): string {
  return prefix + (seed === undefined ? randomBytes(16) : createHash('md5').update(seed).digest()).toString('hex');
}

/** Who signs: an account, its secret, and the address the provider calls. */
export type Signer = Pick<TestServer, 'accountSid' | 'authToken' | 'publicUrl'>;

/** A form as Twilio posts and signs it, by the official package. */
export function form(signer: Signer, parameters: Record<string, string>, path = SMS_PATH): Request {
  return {
    method: 'POST',
    path,
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'user-agent': 'TwilioProxy/1.1',
      'x-twilio-signature': getExpectedTwilioSignature(signer.authToken, signer.publicUrl + path, parameters),
    },
    body: Buffer.from(new URLSearchParams(parameters).toString()),
  };
}

export function inboundSms(signer: Signer, message: { sid?: string; from?: string; to: string; body?: string; media?: string[] }): Request {
  const id = message.sid ?? sid('SM');
  const media = message.media ?? [];
  return form(signer, {
    MessageSid: id,
    SmsSid: id,
    SmsMessageSid: id,
    AccountSid: signer.accountSid,
    ApiVersion: '2010-04-01',
    SmsStatus: 'received',
    From: message.from ?? '+34600111222',
    To: message.to,
    Body: message.body ?? 'hola',
    NumSegments: '1',
    NumMedia: String(media.length),
    ...Object.fromEntries(
      media.flatMap((url, i) => [
        [`MediaUrl${i}`, url],
        [`MediaContentType${i}`, 'image/png'],
      ]),
    ),
  });
}

export function smsStatus(signer: Signer, status: { sid: string; status: string; from: string; to?: string; error?: string }): Request {
  return form(signer, {
    MessageSid: status.sid,
    SmsSid: status.sid,
    AccountSid: signer.accountSid,
    ApiVersion: '2010-04-01',
    MessageStatus: status.status,
    SmsStatus: status.status,
    From: status.from,
    To: status.to ?? '+34600111222',
    ...(status.error && { ErrorCode: status.error }),
  });
}
