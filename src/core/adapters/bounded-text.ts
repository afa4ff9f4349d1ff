import { replaceUnstorable } from './storable-text.js';

/** The text as it can be stored, cut to `maxLength` characters, the cut shown by an `…`: no request can bloat a row. */
export function boundedText(text: string, maxLength: number): string {
  // Cut first: a cut between the halves of a surrogate pair leaves a lone one, which is then replaced.
  return replaceUnstorable(text.length > maxLength ? `${text.slice(0, maxLength)}…` : text);
}

/** The same of many texts: each cut to `each` characters, and to what those before it have left of `together`. */
export function boundedTexts(each: number, together: number): (text: string) => string {
  let left = together;
  return (text) => {
    const kept = boundedText(text, Math.min(each, left));
    left = Math.max(0, left - kept.length);
    return kept;
  };
}
