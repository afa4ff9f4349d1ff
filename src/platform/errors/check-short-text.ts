import { badInput } from './coded-error.js';

const LONGEST = 200;

/** Of a text that people give things for a name. Throws BAD_USER_INPUT that names the field; nothing given is right where `least` is 0. */
export function checkShortText(field: string, text: string | null | undefined, least: 0 | 1 = 0): void {
  const given = text ?? '';
  if (given.length <= LONGEST && !given.includes('\0') && given.trim().length >= least) return;
  throw badInput(field, `${field} must have ${least ? `${least} to` : 'at most'} ${LONGEST} characters, none of them U+0000.`);
}
