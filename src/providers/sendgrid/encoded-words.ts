import libmime from 'libmime';

/**
 * A header's text with its encoded words (`=?iso-8859-1?q?a=F1o?=`) decoded, in one line. As it is where there are none, where it is longer than that
 * many characters, of which the library takes time by the square (5,000: a hundredth of a second), and where they cannot be read. Source: RFC 2047.
 */
export function decodedWords(text: string | undefined, longest: number): string | undefined {
  if (text === undefined || text.length > longest || !/=\?[^?]+\?[bq]\?/i.test(text)) return text;
  const decoded = libmime.decodeWords(text);
  // oxlint-disable-next-line no-control-regex -- a word may well hold some
  return isIllegible(decoded, text) ? text : decoded.replace(/[\u0000-\u001f\u007f]+/g, ' ');
}

/** Nothing, or more than a letter in four that is none; not where a letter is cut at the end. */
function isIllegible(decoded: string, text: string): boolean {
  const lost = decoded.split('\ufffd').length - text.split('\ufffd').length;
  return !decoded.trim() || lost * 4 > decoded.length;
}
