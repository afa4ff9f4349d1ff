import { type KeyObject } from 'node:crypto';
import { IsOptional, Matches, ValidateBy } from 'class-validator';
import { IsWebAddress } from '../../platform/config/web-address.js';
import { Variable } from '../../platform/config/variable.js';
import { readWebhookKeys } from './webhook-keys.js';

/** SendGrid's credentials and addresses. All optional: without a key to verify by, its webhooks are off. */
export class SendGridConfig {
  @Variable('An API key that may send mail.', 'SG.xxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')
  @IsOptional()
  @Matches(/^SG\.\S{8,}$/, { message: 'SENDGRID_API_KEY must be an API key of SendGrid: SG. and what follows it' })
  SENDGRID_API_KEY?: string;

  @Variable(
    'The verification key of the signed Event Webhook, and of a security policy for Inbound Parse; several by comma. It is public, and no API key.',
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE…',
  )
  @IsOptional()
  @ValidateBy(
    { name: 'isWebhookKey', validator: { validate: (value) => typeof value === 'string' && readWebhookKeys(value) !== undefined } },
    {
      message:
        'SENDGRID_WEBHOOK_KEY must be the verification key that SendGrid shows where the Event Webhook is signed: base64 or PEM, several by comma',
    },
  )
  SENDGRID_WEBHOOK_KEY?: string;

  @Variable(
    'Lets in mails that nobody signed, where the address pasted at Inbound Parse ends in `?token=` and this; at least 12 characters.',
    'the_output_of_openssl_rand_-hex_32',
  )
  @IsOptional()
  @Matches(/^\S{12,}$/, { message: 'SENDGRID_INBOUND_TOKEN must be at least 12 characters without spaces' })
  SENDGRID_INBOUND_TOKEN?: string;

  @Variable('The address mail is sent from.', 'hello@example.com')
  @IsOptional()
  @Matches(/^[^\s@,;<>]{1,64}@[^\s@,;<>]+\.[^\s@,;<>]+$/, {
    message: 'SENDGRID_FROM_EMAIL must be an email address, such as hello@example.com',
  })
  SENDGRID_FROM_EMAIL?: string;

  @Variable("Where SendGrid's API is: a region, a proxy or a stand-in. Unset: SendGrid's own.", 'https://api.eu.sendgrid.com')
  @IsOptional()
  @IsWebAddress({ without: '/v3' })
  SENDGRID_BASE_URL?: string;

  /** What is still to be set before the Event Webhook is on. */
  get missing(): readonly string[] {
    return this.SENDGRID_WEBHOOK_KEY === undefined ? ['SENDGRID_WEBHOOK_KEY'] : [];
  }

  /** The same of Inbound Parse, which a token opens too. */
  get missingForInbound(): readonly string[] {
    return this.SENDGRID_INBOUND_TOKEN === undefined && this.missing.length ? ['SENDGRID_WEBHOOK_KEY or SENDGRID_INBOUND_TOKEN'] : [];
  }

  /** What is still to be set before it can send. */
  get missingToSend(): readonly string[] {
    return this.SENDGRID_API_KEY === undefined ? ['SENDGRID_API_KEY'] : [];
  }

  /** None: nothing that is signed verifies. */
  get webhookKeys(): readonly KeyObject[] {
    return readWebhookKeys(this.SENDGRID_WEBHOOK_KEY ?? '') ?? [];
  }
}
