import { boundedText } from './bounded-text.js';

const LONGEST = 2_000;

/** What a provider says of an error, as it is kept; null where it says nothing. */
export function errorMessage(words: string | undefined): string | null {
  return words === undefined ? null : boundedText(words, LONGEST);
}
