/** An event of the Event Webhook, but for what names the mail. */
export interface EventOfMail {
  readonly event: string;
  readonly [field: string]: unknown;
}

const IP = '192.0.2.77';
const BROWSER = { useragent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', ip: '198.51.100.7' };
const PROCESSED: EventOfMail = { event: 'processed' };
const DELIVERED: EventOfMail = { event: 'delivered', response: '250 2.0.0 OK', tls: 1, ip: IP };
const OPENED: EventOfMail = { event: 'open', ...BROWSER, sg_content_type: 'html', sg_machine_open: false };
const bounced = (type: string, status: string, reason: string, classification: string): EventOfMail => ({
  event: 'bounce',
  ...{ type, status, reason, bounce_classification: classification, tls: 1, ip: IP },
});

/** What becomes of a copy, by the word its address (or a `sandbox:` in the subject) begins with. Source: SendGrid docs, Event Webhook Reference. */
const FATES: Readonly<Record<string, readonly EventOfMail[]>> = {
  bounce: [PROCESSED, bounced('bounce', '5.1.1', '550 5.1.1 The email account that you tried to reach does not exist.', 'Invalid Address')],
  blocked: [PROCESSED, bounced('blocked', '5.7.1', '550 5.7.1 Message rejected due to its content.', 'Content')],
  // One that comes back later is of no message that SendGrid can name.
  late: [
    PROCESSED,
    DELIVERED,
    { ...bounced('bounce', '5.2.2', '552 5.2.2 The mailbox is full.', 'Mailbox Unavailable'), sg_message_id: undefined },
  ],
  dropped: [{ event: 'dropped', reason: 'Bounced Address', status: '5.0.0' }],
  deferred: [PROCESSED, { event: 'deferred', response: '421 4.7.0 Try again later', attempt: '1', tls: 1, ip: IP }, DELIVERED],
  spam: [PROCESSED, DELIVERED, { event: 'spamreport' }],
  unsubscribe: [PROCESSED, DELIVERED, { event: 'unsubscribe' }],
  click: [
    PROCESSED,
    DELIVERED,
    OPENED,
    { event: 'click', ...BROWSER, url: 'https://centralita.example/', url_offset: { index: 0, type: 'html' } },
  ],
};

/** `opens`: whether SendGrid counts who opens it. */
export function eventsFor(email: string, subject: string, opens: boolean): readonly EventOfMail[] {
  const [, word] = /^([a-z]+)(?:\+[^@]*)?@/i.exec(email) ?? [];
  const [, asked] = /\bsandbox:([a-z]+)\b/.exec(subject) ?? [];
  return FATES[asked ?? ''] ?? FATES[word?.toLowerCase() ?? ''] ?? (opens ? [PROCESSED, DELIVERED, OPENED] : [PROCESSED, DELIVERED]);
}

/** Whether it came to who it was for. */
export const isDelivered = (events: readonly EventOfMail[]): boolean => events.includes(DELIVERED);
