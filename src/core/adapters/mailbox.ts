import { domainToUnicode } from 'node:url';

/** The mailbox that an address with a tag is of: `ventas+42@norte.example` is of `ventas@norte.example`. Of an address without one, that address. */
export function mailboxOf(address: string): string {
  return address.replace(/^([^+@]+)\+[^@]*@/, '$1@');
}

/** Of what is no address all of it. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** The one spelling of an email address, or of a domain: in lower case, accents composed, its domain in its own letters and not in those of the DNS (`xn--…`). */
export function mailboxName(address: string): string {
  return withDomain(address.normalize().toLowerCase(), domainToUnicode);
}

/** An address or a domain with its domain in other letters (`domainToASCII`, `domainToUnicode`); as it is where that is no name of the DNS. */
export function withDomain(address: string, spelling: (domain: string) => string): string {
  const domain = domainOf(address);
  if (!/xn--|[^\x21-\x7e]/.test(domain) || /[/?#\\%:]/.test(domain)) return address;
  const spelled = spelling(domain);
  // They are of URLs, where digits alone are an IP address.
  return /[^\d.]/.test(spelled) ? address.slice(0, -domain.length) + spelled : address;
}
