const [QUOTE, BACKSLASH] = [0x22, 0x5c];
/** What stands between values: each comma, colon and bracket that opens. */
const PARTS: ReadonlySet<number> = new Set([...',:[{'].map((sign) => sign.charCodeAt(0)));

/**
 * Whether JSON has more values than so many, its texts apart: without parsing it, which makes an object of each three bytes, and as far as is needed
 * to tell. Of what is no JSON it may say anything.
 */
export function hasMoreValues(json: Buffer, most: number): boolean {
  let values = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]!;
    if (byte === QUOTE) at = endOfText(json, at);
    else if (!PARTS.has(byte)) continue;
    if (++values > most) return true;
  }
  return false;
}

function endOfText(json: Buffer, begin: number): number {
  for (let at = json.indexOf(QUOTE, begin + 1); at >= 0; at = json.indexOf(QUOTE, at + 1)) {
    let backslashes = 0;
    while (json[at - 1 - backslashes] === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return json.length;
}
