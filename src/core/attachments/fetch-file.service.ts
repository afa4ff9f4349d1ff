import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { type MediaRequest } from '../adapters/channel-adapter.js';
import { damaged, failureOfStatus, MediaFailure, notAllowed, tooLarge, unreachable } from './media-failure.js';
import { placeOf } from './media-hosts.js';
import { lookupPublic } from './public-lookup.service.js';

const MOST_REDIRECTS = 5;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
/** For the whole of it, and for a connection on which nothing moves. */
const TIME_LIMIT_MS = 120_000;
const SILENCE_LIMIT_MS = 20_000;

export interface FetchedFile {
  readonly bytes: Buffer;
  /** As the answer has it. */
  readonly contentType: string | undefined;
}

/**
 * Fetches a provider's file, from the hosts it names and nowhere else. Each redirect is judged anew, and the request's headers go no
 * further than its own origin. What it gets has the hash that the provider told. Throws MediaFailure.
 */
export async function fetchFile(request: MediaRequest, maxBytes: number, stop: AbortSignal): Promise<FetchedFile> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(TIME_LIMIT_MS)]);
  const first = parse(request.url);
  let [url, headers] = [first, request.headers];
  try {
    for (let redirects = 0; ; redirects++) {
      const answer = await ask(url, headers, request.hosts, signal);
      const { statusCode: status = 0 } = answer;
      if (status === 200)
        return { bytes: checked(await read(answer, maxBytes), request.sha256), contentType: answer.headers['content-type'] };
      answer.destroy();
      if (!REDIRECTS.includes(status) || answer.headers.location === undefined) throw failureOfStatus(status);
      if (redirects === MOST_REDIRECTS) throw new MediaFailure('FINAL', `The file is behind more than ${MOST_REDIRECTS} redirects.`);
      url = parse(answer.headers.location, url);
      if (url.origin !== first.origin) headers = {};
    }
  } catch (error) {
    throw error instanceof MediaFailure ? error : unreachable(error);
  }
}

function parse(text: string, base?: URL): URL {
  if (!URL.canParse(text, base?.href)) throw notAllowed();
  return new URL(text, base);
}

async function ask(
  url: URL,
  headers: MediaRequest['headers'],
  hosts: readonly string[],
  signal: AbortSignal,
): Promise<http.IncomingMessage> {
  const place = placeOf(url, hosts);
  if (!place) throw notAllowed();
  const { request } = url.protocol === 'https:' ? https : http;
  const asked = request(url, {
    headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'Centralita', ...headers },
    // A connection of its own: one that is kept may have been looked up by another rule.
    agent: false,
    signal,
    timeout: SILENCE_LIMIT_MS,
    ...(place === 'PUBLIC' && { lookup: lookupPublic }),
  });
  asked.on('timeout', () => asked.destroy(new Error('nothing came for too long')));
  asked.end();
  const [answer] = (await once(asked, 'response')) as [http.IncomingMessage];
  // What goes wrong from here on is told to whoever reads the answer.
  asked.on('error', () => undefined);
  return answer;
}

async function read(answer: http.IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(answer.headers['content-length']) > maxBytes) throw fail(answer, tooLarge(maxBytes));
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    sizeBytes += part.length;
    if (sizeBytes > maxBytes) throw fail(answer, tooLarge(maxBytes));
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function checked(bytes: Buffer, sha256: string | undefined): Buffer {
  if (sha256 !== undefined && createHash('sha256').update(bytes).digest('hex') !== sha256) throw damaged();
  return bytes;
}

function fail(answer: http.IncomingMessage, failure: MediaFailure): MediaFailure {
  answer.destroy();
  return failure;
}
