import { Parser } from 'htmlparser2';

/** No mail nests so deep: fifty quoted answers are a few hundred. */
export const DEEPEST = 500;
/** What end tags without a beginning may cost: for each a parser looks through all that is open. */
const MOST_LOOKS = 10_000_000;
const SHALLOWEST = 50;
/** A long newsletter has some five thousand, a report of 5,000 rows fifty. 200,000, of a mail of 1 MB, kept the process for four seconds. */
export const MOST_ELEMENTS = 60_000;

/**
 * The HTML up to where it nests deeper than any mail does, or has more elements than are read. The parser of both libraries that read mails takes time by the square of the depth: 150,000
 * open `<div>`, 750 kB, kept the process for seven seconds; and 240,000 `</x>` within 5,000 of them for five.
 */
export function withinDepth(html: string): string {
  const { text, deepest, stray } = cut(html, DEEPEST);
  return stray * deepest > MOST_LOOKS ? cut(text, Math.max(SHALLOWEST, Math.floor(MOST_LOOKS / stray))).text : text;
}

function cut(html: string, most: number): { readonly text: string; readonly deepest: number; readonly stray: number } {
  let [depth, deepest, closed, elements] = [0, 0, 0, 0];
  let cutAt: number | undefined;
  const parser = new Parser({
    onopentag() {
      if (++depth > most || ++elements > MOST_ELEMENTS) {
        cutAt = parser.startIndex;
        parser.pause();
      } else if (depth > deepest) deepest = depth;
    },
    onclosetag(_name, isImplied) {
      depth--;
      if (!isImplied) closed++;
    },
  });
  parser.write(html);
  const text = html.slice(0, cutAt);
  return { text, deepest, stray: text.split('</').length - 1 - closed };
}
