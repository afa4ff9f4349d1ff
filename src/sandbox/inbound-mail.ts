import { type ProviderDelivery, type SimulatedLife } from './provider-delivery.js';
import { sendGridSignature } from './sendgrid-signature.js';

export interface InboundMail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  /** With its angle brackets. */
  readonly messageId: string;
  readonly sentAt: Date;
  /** The mail it answers. */
  readonly inReplyTo?: string;
  /** Parts the fields of the form: in none of them. */
  readonly boundary: string;
}

/** What the server lets a mail in by: SendGrid's private key (base64 of PKCS #8 in DER), or the token in the pasted address. */
export type MailCredential = { readonly signingKey: string } | { readonly inboundToken: string };

const PATH = '/api/webhooks/email/sendgrid/inbound';

/** A mail that came in, parsed, as SendGrid's Inbound Parse posts it (SendGrid docs, Inbound Email Parse Webhook, default parameters). */
export function inboundMail(mail: InboundMail, credential: MailCredential): SimulatedLife {
  const body = formOf(fieldsOf(mail), mail.boundary);
  const type = { 'Content-Type': `multipart/form-data; boundary=${mail.boundary}`, 'User-Agent': 'Sendlib/1.0' };
  const delivery: ProviderDelivery =
    'signingKey' in credential
      ? { tells: 'a mail came', path: PATH, headers: { ...type, ...sendGridSignature(body, mail.sentAt, credential.signingKey) }, body }
      : { tells: 'a mail came', path: `${PATH}?token=${encodeURIComponent(credential.inboundToken)}`, headers: type, body };
  return { channel: 'EMAIL', provider: 'SENDGRID', externalId: mail.messageId, deliveries: [delivery] };
}

function fieldsOf({ from, to, subject, body, messageId, inReplyTo, sentAt }: InboundMail): Record<string, string> {
  const headers = [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Message-ID: ${messageId}`,
    ...(inReplyTo ? [`In-Reply-To: ${inReplyTo}`, `References: ${inReplyTo}`] : []),
    `Date: ${sentAt.toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
  ];
  return {
    headers: `${headers.join('\n')}\n`,
    to,
    from,
    text: body,
    sender_ip: '192.0.2.77',
    envelope: JSON.stringify({ to: [to], from }),
    subject,
    charsets: JSON.stringify({ to: 'UTF-8', subject: 'UTF-8', from: 'UTF-8', text: 'UTF-8' }),
    SPF: 'pass',
    attachments: '0',
  };
}

function formOf(fields: Record<string, string>, boundary: string): string {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return `${parts.join('')}--${boundary}--\r\n`;
}
