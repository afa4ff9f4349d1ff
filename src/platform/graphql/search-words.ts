import { badInput } from '../errors/coded-error.js';

const MOST_WORDS = 10;
const LONGEST = 200;

/** The words of a `search`, each once; none of none. Throws BAD_USER_INPUT for more than a list is searched for. */
export function searchWords(search: string | null | undefined): readonly string[] {
  const words = [...new Set((search ?? '').split(/\s+/).filter(Boolean))];
  if ((search ?? '').length > LONGEST || words.length > MOST_WORDS || search?.includes('\0'))
    throw badInput('search', `search must be text of at most ${LONGEST} characters and ${MOST_WORDS} words, without U+0000.`);
  return words;
}
