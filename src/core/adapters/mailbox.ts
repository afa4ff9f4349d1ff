/** The mailbox that an address with a tag is of: `ventas+42@norte.example` is of `ventas@norte.example`. Of an address without one, that address. */
export function mailboxOf(address: string): string {
  return address.replace(/^([^+@]+)\+[^@]*@/, '$1@');
}

/** Of what is no address all of it. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
