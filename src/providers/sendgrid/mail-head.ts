/** Characters that the lines of a kind have together: of a thousand addressees the first, and the parser takes a thousandth of a second for each thousand of them. */
export const ROOM = { parts: 64 << 10, mail: 64 << 10, addressees: 64 << 10, others: 128 << 10 };
type Kind = keyof typeof ROOM;
const SHORT = 64 << 10;
/** No mail's lines are as long. */
const LONGEST = 4 << 20;

/** The names of header lines that say whom a mail is for, in a regular expression. */
export const ADDRESSEES = 'to|cc|bcc|delivered-to|return-path|disposition-notification-to|list-[^:]*';

const KINDS: readonly (readonly [Kind, RegExp])[] = [
  // Without them nobody could tell where its parts begin.
  ['parts', /^(?:content-[^:]*|mime-version):/i],
  ['mail', /^(?:from|sender|reply-to|subject|message-id|date|in-reply-to|references):/i],
  ['addressees', new RegExp(`^(?:${ADDRESSEES}):`, 'i')],
];

/** A mail's header lines as they are, or, where they are longer than any mail's, of each kind as much as there is room for, the first the most. */
export function boundedHead(head: string): string {
  if (head.length <= SHORT) return head;
  const left = { ...ROOM };
  const kept: string[] = [];
  for (const header of head.split(/\r?\n(?![ \t])/)) {
    const [kind] = KINDS.find(([, is]) => is.test(header)) ?? ['others' as const];
    const text = header.slice(0, left[kind]);
    left[kind] -= text.length;
    if (text) kept.push(text);
  }
  return kept.join('\r\n');
}

/** A whole message with such header lines. */
export function withBoundedHead(message: Buffer): Buffer {
  const start = message.subarray(0, LONGEST).toString('latin1');
  const end = start.search(/\r?\n\r?\n/);
  if (end <= SHORT) return message;
  return Buffer.concat([Buffer.from(boundedHead(start.slice(0, end)), 'latin1'), message.subarray(end)]);
}
