import sanitizeHtml from 'sanitize-html';
import { withinDepth } from './html-depth.js';

const COLOR = /^(?:#[0-9a-f]{3,8}|rgba?\([\d\s.,%/]+\)|[a-z]+)$/i;
/**
 * One way alone to read any text: what can be read in many is tried in all of them, and a margin of 60 digits took 27 s. Nothing below zero, by which
 * a mail would lie over what stands beside it.
 */
const LENGTH = String.raw`(?:(?:\d{1,4}(?:\.\d{1,20})?|\.\d{1,20})(?:px|pt|em|rem|%)?|auto|normal)`;
const LENGTHS = new RegExp(String.raw`^${LENGTH}(?:\s+${LENGTH}){0,3}$`, 'i');
const WORDS = /^[a-z0-9\s,'"-]+$/i;
const BORDER = /^[a-z0-9\s#.,()%-]+$/i;
const each = (names: string, value: RegExp) => names.split(' ').map((name): [string, RegExp[]] => [name, [value]]);

/** No position, no z-index, no url(): nothing that leaves its place, covers another, or asks a server. */
const STYLES = Object.fromEntries([
  ...each('color background-color border-color', COLOR),
  ...each(
    'font-size line-height letter-spacing width max-width height padding padding-top padding-right padding-bottom padding-left',
    LENGTHS,
  ),
  ...each('margin-top margin-right margin-bottom margin-left margin border-radius text-indent', LENGTHS),
  ...each('font-family font-weight font-style text-align text-decoration text-transform vertical-align white-space display', WORDS),
  ...each('border border-top border-right border-bottom border-left border-collapse border-width border-style list-style-type', BORDER),
]);

const TABLE = ['align', 'valign', 'width', 'height', 'bgcolor'];
const TAGS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    (
      'abbr address b big blockquote br caption center cite code col colgroup dd del dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i ins kbd li ' +
      'ol p pre q s samp small span strike strong sub sup tbody tfoot thead tt u ul var wbr'
    )
      .split(' ')
      .map((tag) => [tag, []]),
  ),
  a: ['href', 'title', 'rel', 'target'],
  font: ['color', 'face', 'size'],
  img: ['src', 'data-remote-src', 'alt', 'title', 'width', 'height'],
  table: [...TABLE, 'border', 'cellpadding', 'cellspacing'],
  tr: TABLE,
  td: [...TABLE, 'colspan', 'rowspan', 'nowrap'],
  th: [...TABLE, 'colspan', 'rowspan', 'nowrap'],
};

/** Images that came with the mail itself, and are no documents (as SVG is). */
const OWN_IMAGE = /^data:image\/(?:png|jpeg|gif|webp);base64,/i;
const CID = /^cid:(.+)$/i;
const REMOTE = /^https?:\/\//i;

/**
 * An email's HTML made harmless: no scripts, forms, frames or event handlers; styles only of a fixed list of properties; links open
 * elsewhere and tell nobody where they were clicked. An image of the mail itself refers to its attachment's key (`cid:attachment1`). A remote
 * one is not loaded, for that would tell its sender who reads, when and where: its address is in `data-remote-src`, for a client that asks
 * the reader first. `keyOf` says which attachment a content id is.
 */
export function sanitizeMailHtml(html: string, keyOf: (contentId: string) => string | undefined): string {
  return sanitizeHtml(withinDepth(html), {
    allowedTags: Object.keys(TAGS),
    allowedAttributes: { '*': ['style', 'dir', 'lang', 'align'], ...mutable(TAGS) },
    allowedStyles: { '*': STYLES },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    // A remote one never stands in `src`: see `sourceOf`.
    allowedSchemesByTag: { img: ['cid', 'data', 'http', 'https'] },
    allowedSchemesAppliedToAttributes: ['href', 'src', 'data-remote-src'],
    allowProtocolRelative: false,
    nonTextTags: [
      'script',
      'style',
      'textarea',
      'option',
      'noscript',
      'title',
      'head',
      'svg',
      'math',
      'template',
      'iframe',
      'object',
      'xmp',
      'noembed',
      'noframes',
    ],
    nestingLimit: 100,
    transformTags: {
      a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, rel: 'noopener noreferrer nofollow', target: '_blank' } }),
      img: (tagName, { src = '', ...attribs }) => ({ tagName, attribs: { ...attribs, ...sourceOf(src.trim(), keyOf) } }),
    },
  }).trim();
}

function sourceOf(src: string, keyOf: (contentId: string) => string | undefined): Record<string, string> {
  const key = keyOf(decoded(CID.exec(src)?.[1] ?? ''));
  if (key !== undefined) return { src: `cid:${key}` };
  if (OWN_IMAGE.test(src)) return { src };
  return REMOTE.test(src) ? { 'data-remote-src': src } : {};
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function mutable(tags: typeof TAGS): Record<string, string[]> {
  return Object.fromEntries(Object.entries(tags).map(([tag, attributes]) => [tag, [...attributes]]));
}
