import { convert, type FormatCallback } from 'html-to-text';
import { withinDepth } from './html-depth.js';

/** The text of a mail that brings HTML alone. A table's rows are lines, their cells a space apart: no columns, since most tables lay out. */
export function textOfHtml(html: string): string {
  const text = convert(withinDepth(html), {
    wordwrap: false,
    limits: { maxDepth: 100 },
    formatters: { cell, ...markers(hasManyLines(html) ? 0 : MOST_LEVELS) },
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'tr', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
      { selector: 'td', format: 'cell' },
      { selector: 'th', format: 'cell' },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false } },
    ],
  });
  return withoutGaps(text);
}

const cell: FormatCallback = ({ children }, walk, builder) => {
  walk(children, builder);
  builder.addInline(' ');
};

/** Each level writes all lines within it anew: a quotation in a hundred others made a text a hundred times as long, and took eleven seconds. */
const MOST_LEVELS = 5;

/** And of so many lines one level alone took a second. No person writes them. */
const MOST_LINES = 50_000;

/** At most one for each break, for each tag, and for each reference to a character, which may be a break. */
function hasManyLines(html: string): boolean {
  let lines = 0;
  for (const sign of ['\n', '<', '&'])
    for (let at = html.indexOf(sign); at >= 0; at = html.indexOf(sign, at + 1)) if (++lines > MOST_LINES) return true;
  return false;
}

/** What marks the lines within: quotations by `>`, items of lists by a star or a number. Below so many levels they are blocks without a mark. */
function markers(mostLevels: number): Readonly<Record<'blockquote' | 'orderedList' | 'unorderedList', FormatCallback>> {
  let level = 0;
  const within = (walk: () => void) => {
    level++;
    walk();
    level--;
  };
  const listOf =
    (prefixOf: (nth: number, list: Numbering) => string): FormatCallback =>
    (list, walk, builder) => {
      const items = list.children.filter(({ type, data }) => type !== 'text' || data?.trim());
      const isNested = (list.parent as { name?: string } | null)?.name === 'li';
      const breaks = isNested ? 1 : 2;
      let nth = 0;
      const prefixes = items
        .map(({ name }) => (name === 'li' ? prefixOf(nth++, list.attribs as Numbering) : ''))
        .map((prefix) => (isNested ? prefix.trimStart() : prefix));
      const isMarked = level < mostLevels;
      if (isMarked)
        builder.openList({
          interRowLineBreaks: 1,
          leadingLineBreaks: breaks,
          maxPrefixLength: Math.max(0, ...new Set(prefixes.map(({ length }) => length))),
        });
      items.forEach((item, i) => {
        if (isMarked) builder.openListItem({ prefix: prefixes[i]! });
        else builder.openBlock({ leadingLineBreaks: 1 });
        within(() => walk([item], builder));
        if (isMarked) builder.closeListItem();
        else builder.closeBlock({ trailingLineBreaks: 1 });
      });
      if (isMarked) builder.closeList({ trailingLineBreaks: breaks });
    };
  return {
    blockquote: ({ children }, walk, builder) => {
      const isMarked = level < mostLevels;
      builder.openBlock({ leadingLineBreaks: 2 });
      within(() => walk(children, builder));
      builder.closeBlock({ trailingLineBreaks: 2, ...(isMarked && { blockTransform: quoted }) });
    },
    orderedList: listOf((nth, { start, type }) => ` ${numberOf(firstOf(start) + nth, type)}. `),
    unorderedList: listOf(() => ' * '),
  };
}

/** By lines, as `withoutGaps` is: an expression for the blank ones at the end tries them from each on. */
function quoted(text: string): string {
  const lines = text.split('\n');
  const isSaid = (line: string) => line.trim() !== '';
  const [first, last] = [lines.findIndex(isSaid), lines.findLastIndex(isSaid)];
  return lines
    .slice(Math.max(0, first), Math.max(0, last) + 1)
    .map((line) => `> ${line}`)
    .join('\n');
}

/** Where a numbered list begins. */
function firstOf(start = ''): number {
  const first = Number(start.trim() || '1');
  return Number.isInteger(first) && Math.abs(first) < 1e9 ? first : 1;
}

/** How a list is numbered, as HTML says it. */
interface Numbering {
  readonly start?: string;
  readonly type?: string;
}

/** By letters where the list says so, as long as there are some. */
function numberOf(nth: number, type = '1'): string {
  return /^a$/i.test(type) && nth >= 1 && nth <= 26 ? String.fromCharCode(type.charCodeAt(0) + nth - 1) : String(nth);
}

/** One blank line at most: layout tables keep their distances by rows of `&nbsp;`. By lines, since an expression is slow on long blanks. */
function withoutGaps(text: string): string {
  const lines = text.split('\n').map((line) => line.trimEnd());
  return lines
    .filter((line, i) => line || lines[i - 1])
    .join('\n')
    .trimEnd();
}
