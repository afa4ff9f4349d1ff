/** Characters: of a thousand addressees the first, and the parser takes a thousandth of a second for each thousand of them. */
const LONGEST_HEADER = 64 << 10;
const LONGEST_HEAD = 256 << 10;
const ADDRESSES = /^(?:from|to|cc|bcc|sender|reply-to|delivered-to|return-path|disposition-notification-to|list-[^:]*):/i;
/** Without them nobody could tell where its parts begin. */
const STRUCTURE = /^(?:content-[^:]*|mime-version):/i;

/** A mail's header lines as they are, or, where they are longer than any mail's, each as much as there is room for: those with addresses have one header's room together. */
export function boundedHead(head: string): string {
  if (head.length <= LONGEST_HEADER) return head;
  const left = { addresses: LONGEST_HEADER, all: LONGEST_HEAD };
  const kept: string[] = [];
  for (const header of head.split(/\r?\n(?![ \t])/)) {
    const ofAddresses = ADDRESSES.test(header);
    const room = Math.min(
      LONGEST_HEADER,
      ofAddresses ? left.addresses : LONGEST_HEADER,
      STRUCTURE.test(header) ? LONGEST_HEADER : left.all,
    );
    const text = header.slice(0, room);
    if (ofAddresses) left.addresses -= text.length;
    left.all = Math.max(0, left.all - text.length);
    if (text) kept.push(text);
  }
  return kept.join('\r\n');
}

/** A whole message with such header lines. */
export function withBoundedHead(message: Buffer): Buffer {
  const ends = ['\r\n\r\n', '\n\n'].map((end) => message.indexOf(end)).filter((at) => at >= 0);
  const end = Math.min(...ends, message.length);
  if (end <= LONGEST_HEADER) return message;
  return Buffer.concat([Buffer.from(boundedHead(message.subarray(0, end).toString('latin1')), 'latin1'), message.subarray(end)]);
}
