import { type OutboundMessage, type OutboundProblem } from '../../core/adapters/outbound.js';

const MB = 1024 * 1024;
/** Source: SendGrid docs, Mail Send, Limitations: the whole mail, with its attachments as they travel, and recipients in all. */
const LARGEST_BYTES = 30 * MB;
const MOST_RECIPIENTS = 1_000;

/** What SendGrid would refuse of a mail to anybody. */
export function checkMail({ subject, body, files, mail }: OutboundMessage): OutboundProblem | undefined {
  const { html = null, cc = [], bcc = [] } = mail ?? {};
  if (!subject?.trim()) return { field: 'subject', problem: 'subject must not be empty.' };
  if (!body && !html) return { field: 'text', problem: 'text or html must say something.' };
  if (1 + cc.length + bcc.length > MOST_RECIPIENTS)
    return {
      field: bcc.length > cc.length ? 'bcc' : 'cc',
      problem: `A mail goes to at most ${MOST_RECIPIENTS} addresses, copies included.`,
    };
  const total =
    Buffer.byteLength(body ?? '') + Buffer.byteLength(html ?? '') + files.reduce((sum, { sizeBytes }) => sum + inBase64(sizeBytes), 0);
  if (total > LARGEST_BYTES)
    return {
      field: files.length ? 'attachments' : html ? 'html' : 'text',
      problem: `A mail must have at most ${LARGEST_BYTES / MB} MB with its attachments, which travel a third larger than they are.`,
    };
  return undefined;
}

function inBase64(sizeBytes: number): number {
  return Math.ceil(sizeBytes / 3) * 4;
}
