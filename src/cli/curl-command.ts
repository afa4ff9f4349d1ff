import { type ProviderDelivery } from './provider-delivery.js';

/** The delivery as a command to paste into a POSIX shell; it shows the answer with its status. */
export function curlCommand(url: string, { path, headers, body }: ProviderDelivery): string {
  const words = [
    `curl --silent --show-error --include ${quoted(url + path)}`,
    ...Object.entries(headers).map(([name, value]) => `--header ${quoted(`${name}: ${value}`)}`),
    `--data-raw ${quoted(body)}`,
  ];
  return words.join(' \\\n  ');
}

/** One word of a POSIX shell that stands for exactly `text`: inside single quotes only a single quote needs care. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
