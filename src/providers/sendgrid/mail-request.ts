import { type default as sendgrid } from '@sendgrid/mail';
import { ACTIVITY_PARAMETER } from '../../core/adapters/activity-parameter.js';
import { copiesOf } from '../../core/adapters/mail-copies.js';
import { type Outbound } from '../../core/adapters/outbound.js';

/** What the SDK is given of one mail. */
type MailRequest = Exclude<Parameters<typeof sendgrid.send>[0], readonly unknown[]>;

/** A file with its bytes in base64, as they travel. */
export interface EncodedFile {
  readonly fileName: string;
  readonly contentType: string;
  readonly base64: string;
}

/**
 * What SendGrid is asked to send: one mail to one recipient, who finds those in copy but nobody else. An address that is named twice is written
 * to once, where it was named first: SendGrid refuses it otherwise. Source: SendGrid docs, Mail Send.
 */
export function mailRequest(outbound: Outbound, files: readonly EncodedFile[]): MailRequest {
  const { activityId, from, to, subject, mail, answers, thread = [] } = outbound;
  const { cc, bcc } = copiesOf(to, mail ?? { cc: [], bcc: [] });
  const copies = { ...(cc.length > 0 && { cc: cc.map(addressOf) }), ...(bcc.length > 0 && { bcc: bcc.map(addressOf) }) };
  return {
    personalizations: [{ to: [addressOf(to)], ...copies, customArgs: { [ACTIVITY_PARAMETER]: activityId } }],
    from: addressOf(from),
    ...(mail?.replyTo && { replyTo: addressOf(mail.replyTo) }),
    subject: subject ?? '',
    content: contentOf(outbound),
    ...(files.length > 0 && { attachments: files.map(attachmentOf) }),
    ...(answers !== null && {
      headers: { 'In-Reply-To': `<${answers}>`, References: [...thread, answers].map((id) => `<${id}>`).join(' ') },
    }),
  };
}

/** An object: the SDK would read a name out of a string. */
function addressOf(email: string): { email: string } {
  return { email };
}

/** One at least, as the SDK's type has it. */
type Content = Extract<MailRequest, { content: unknown }>['content'];

/** Plain text first, or SendGrid refuses it. */
function contentOf({ body, mail }: Outbound): Content {
  const text = body ? [{ type: 'text/plain', value: body }] : [];
  const html = mail?.html ? [{ type: 'text/html', value: mail.html }] : [];
  // The SDK's type wants one at least: `check` has seen to it.
  return [...text, ...html] as unknown as Content;
}

function attachmentOf({ fileName, contentType, base64 }: EncodedFile): NonNullable<MailRequest['attachments']>[number] {
  return { content: base64, filename: fileName, type: contentType, disposition: 'attachment' };
}
