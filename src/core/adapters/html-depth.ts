import { Parser } from 'htmlparser2';

/** No mail nests so deep: fifty quoted answers are a few hundred. */
const DEEPEST = 5_000;

/**
 * The HTML up to where it nests deeper than any mail does. The parser of both libraries that read mails takes time by the square of the depth: 150,000
 * open `<div>`, 750 kB, kept the process for seven seconds.
 */
export function withinDepth(html: string): string {
  let depth = 0;
  let cutAt: number | undefined;
  const parser = new Parser({
    onopentag() {
      if (++depth <= DEEPEST) return;
      cutAt = parser.startIndex;
      parser.pause();
    },
    onclosetag() {
      depth--;
    },
  });
  parser.write(html);
  return html.slice(0, cutAt);
}
