import { type ProviderDelivery } from '../sandbox/provider-delivery.js';

/**
 * The delivery as a command to paste into a POSIX shell; it shows the answer with its status. A body with CRLF goes through `printf`: a
 * terminal takes a pasted CR for the end of the line.
 */
export function curlCommand(url: string, { path, headers, body }: ProviderDelivery): string {
  const isPrinted = body.includes('\r');
  const words = [
    `${isPrinted ? `printf %b ${quoted(escaped(body))} | ` : ''}curl --silent --show-error --include ${quoted(url + path)}`,
    ...Object.entries(headers).map(([name, value]) => `--header ${quoted(`${name}: ${value}`)}`),
    isPrinted ? '--data-binary @-' : `--data-raw ${quoted(body)}`,
  ];
  return words.join(' \\\n  ');
}

/** What `printf %b` makes `text` of. */
const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('\r', '\\r');

/** One word of a POSIX shell that stands for exactly `text`: inside single quotes only a single quote needs care. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
