import { Direction } from '../../core/adapters/channel.js';

/**
 * Twilio says `inbound`, `outbound-api`, `outbound-dial`, or of a SIP trunk `trunking-originating` and, of what goes out, `trunking-terminating`; who says
 * nothing called us. Source: Twilio docs, Call resource.
 */
export function callDirectionOf(word = 'inbound'): Direction {
  return word.startsWith('outbound') || word === 'trunking-terminating' ? Direction.OUTBOUND : Direction.INBOUND;
}

/** The number that a SIP address is of: `sip:+12025550110@pbx.example`. */
export function numbersIn(address: string | undefined): readonly string[] {
  const [, number] = /^sips?:(\+[1-9]\d{6,14})@/i.exec(address ?? '') ?? [];
  return number === undefined ? [] : [number];
}
