/**
 * The words that Twilio itself takes for an opt-out or its end, alone in a message and in any case; it answers them itself.
 * Source: Twilio docs, "Twilio support for opt-out keywords"; "Opt-out keyword handling for Toll-Free SMS"; Advanced Opt-Out.
 */
const OUT = new Set(['stop', 'unsubscribe', 'end', 'quit', 'stopall', 'revoke', 'optout', 'cancel']);
const IN = new Set(['start', 'yes', 'unstop']);
/** On a toll-free number of North America the carrier keeps the list, and knows fewer words. */
const TOLL_FREE = /^\+1(?:800|833|844|855|866|877|888)\d{7}$/;

/** True: opted out; false: back in; undefined: it says nothing of it. `OptOutType`, where Twilio sends it, goes before the text. */
export function optOutOf(message: { readonly OptOutType?: string; readonly Body?: string; readonly To?: string }): boolean | undefined {
  const type = message.OptOutType?.toUpperCase();
  if (type) return type === 'STOP' ? true : type === 'START' ? false : undefined;
  const word = message.Body?.trim().toLowerCase() ?? '';
  if (TOLL_FREE.test(message.To ?? '')) return word === 'stop' ? true : word === 'start' || word === 'unstop' ? false : undefined;
  return OUT.has(word) ? true : IN.has(word) ? false : undefined;
}
