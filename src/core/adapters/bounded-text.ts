import { replaceUnstorable } from './storable-text.js';

/** The text as it can be stored, cut to `maxLength` characters, the cut shown by an `…`: no request can bloat a row. */
export function boundedText(text: string, maxLength: number): string {
  // Cut first: a cut between the halves of a surrogate pair leaves a lone one, which is then replaced.
  return replaceUnstorable(text.length > maxLength ? `${text.slice(0, maxLength)}…` : text);
}
