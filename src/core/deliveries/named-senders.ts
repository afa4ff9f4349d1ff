import { domainToASCII } from 'node:url';
import { domainOf, mailboxOf, withDomain } from '../adapters/mailbox.js';

/** In E.164, or an id of Meta's. */
const NUMBER = /^(?:\+(\d{6,})|(\d{9,}))$/;
const DIGITS = /(?<!\d)\d{6,20}(?!\d)/g;
/** What ends an address wherever it is written. */
const AROUND = new Set(' \t\r\n<>()",;:\\[]=&?/@');
const LONGEST_ADDRESS = 320;
/** All that a form's or JSON's value says. */
const VALUE = /(?:=([^&=]{1,320})(?=&|$))|"([^"\\]{1,320})(?=")/g;

/** Some senders, to be found in what a provider sent: it may be megabytes, and need not be what it should be. */
export class NamedSenders {
  private readonly numbers = new Set<string>();
  private readonly addresses = new Set<string>();
  /** Of mailboxes, and those that are senders themselves. */
  private readonly domains = new Set<string>();

  constructor(addresses: readonly string[]) {
    for (const address of addresses) {
      const [, ofNumber, ofId] = NUMBER.exec(address) ?? [];
      const digits = ofNumber ?? ofId;
      if (digits !== undefined) this.numbers.add(digits);
      else {
        const lower = address.toLowerCase();
        for (const spelled of [lower, withDomain(lower, domainToASCII)]) {
          this.addresses.add(spelled);
          this.domains.add(domainOf(spelled));
        }
      }
    }
  }

  /**
   * Whether one is named there: a number or a mailbox anywhere, also one of a domain; what could be any word, as a short code or a sender id of letters, as
   * all that a value says.
   */
  isNamedIn(body: Buffer): boolean {
    const text = body.toString('utf8').toLowerCase();
    const meant = unescaped(text);
    return this.isAValue(text) || this.isWithin(text) || (meant !== text && this.isWithin(meant));
  }

  private isWithin(text: string): boolean {
    return this.hasNumber(text) || this.hasMailbox(text);
  }

  private isAValue(text: string): boolean {
    for (const [, ofForm, ofJson = ''] of text.matchAll(VALUE))
      if (this.addresses.has(ofForm === undefined ? ofJson : unescaped(ofForm).trim())) return true;
    return false;
  }

  private hasNumber(text: string): boolean {
    for (const [digits] of text.matchAll(DIGITS)) if (this.numbers.has(digits)) return true;
    return false;
  }

  private hasMailbox(text: string): boolean {
    for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
      const domain = text.slice(at + 1, endOf(text, at)).replace(/\.$/, '');
      if (!this.domains.has(domain)) continue;
      const mailbox = `${text.slice(beginOf(text, at), at)}@${domain}`;
      if ([domain, mailbox, mailboxOf(mailbox)].some((one) => this.addresses.has(one))) return true;
    }
    return false;
  }
}

function beginOf(text: string, at: number): number {
  let begin = at;
  while (begin > 0 && at - begin < LONGEST_ADDRESS && !AROUND.has(text[begin - 1]!)) begin--;
  return begin;
}

function endOf(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && end - at < LONGEST_ADDRESS && !AROUND.has(text[end]!)) end++;
  return end;
}

/** As a form or JSON means it: which of them it is nobody has said. */
function unescaped(text: string): string {
  return text
    .replace(/\\u([0-9a-f]{4})|\\[nrt]/g, (_, code?: string) => (code === undefined ? ' ' : String.fromCharCode(parseInt(code, 16))))
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-f]{2}){1,300}/g, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8').toLowerCase());
}
