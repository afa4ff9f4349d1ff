import { Agent, type ClientRequest, type IncomingMessage, request as requestByHttp } from 'node:http';
import { Agent as SecureAgent, request as requestByHttps } from 'node:https';
import { reasonOf } from '../errors/reason-of.js';
import { RequestFailed, type WebAnswer, type WebRequest } from './web-request.js';

const DEADLINE_MS = 15_000;
/** A slow line still: a mail of 30 MB has two minutes more. What is cut amid its body may have been taken, for all that anybody knows. */
const SLOWEST_BYTES_PER_S = 250_000;
const LONGEST_ANSWER_BYTES = 10 * 1024 * 1024;
/** Less than any server waits (Node's own 5 s is the shortest known): a connection that the other side is closing loses the request, and nobody knows. */
const IDLE_MS = 4_000;

/**
 * Asks other servers, and knows of each request that failed whether it had left. Node's own client and neither fetch nor a library on top of it:
 * they say the same of a connection that was reset before the request and after it. Follows no redirect, repeats nothing, knows no proxy.
 */
export class WebClient {
  private readonly agents = { 'http:': new Agent(KEPT), 'https:': new SecureAgent(KEPT) };

  constructor(private readonly deadlineMs = DEADLINE_MS) {}

  /** Throws RequestFailed where no whole answer came within 15 s and the time that a slow line takes for the body. */
  send({ method, url, headers, body }: WebRequest): Promise<WebAnswer> {
    return new Promise((resolve, reject) => {
      let left = false;
      let timer: NodeJS.Timeout | undefined;
      const fail = (error: unknown): void => {
        clearTimeout(timer);
        reject(new RequestFailed(left, reasonOf(error), { cause: error }));
      };
      try {
        const request = this.open(new URL(url), method, headers, body);
        leaves(request, () => (left = true));
        const patienceMs = this.deadlineMs + 1_000 * Math.floor(Buffer.byteLength(body ?? '') / SLOWEST_BYTES_PER_S);
        // Of a request whose connection is gone already, `destroy` says nothing.
        timer = setTimeout(() => {
          fail(new Error(`no answer within ${patienceMs} ms`));
          request.destroy();
        }, patienceMs);
        request.on('error', fail);
        request.once('upgrade', (_response, socket) => {
          fail(new Error('the answer was another protocol (HTTP 101)'));
          socket.destroy();
        });
        request.once('response', (response) => {
          read(response).then((answer) => {
            clearTimeout(timer);
            resolve(withoutCredential(answer, headers));
          }, fail);
        });
        request.end(body);
      } catch (error) {
        fail(error);
      }
    });
  }

  private open(url: URL, method: string, headers: WebRequest['headers'], body: string | undefined): ClientRequest {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options = { method: method.toUpperCase(), headers: { ...headers, ...length } };
    return url.protocol === 'https:'
      ? requestByHttps(url, { ...options, agent: this.agents['https:'] })
      : requestByHttp(url, { ...options, agent: this.agents['http:'] });
  }
}

const KEPT = { keepAlive: true, timeout: IDLE_MS } as const;

/**
 * Until the connection stands, and over TLS until its certificate is believed, Node keeps the bytes back; what breaks before that broke before
 * the request (200 requests to a certificate of nobody, Node 20.20: none arrived).
 */
function leaves(request: ClientRequest, left: () => void): void {
  request.once('socket', (socket) => {
    if (request.reusedSocket || !socket.connecting) left();
    else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', left);
  });
}

async function read(response: IncomingMessage): Promise<WebAnswer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > LONGEST_ANSWER_BYTES) throw new Error(`an answer of over ${LONGEST_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') };
}

/**
 * What a server says against a request may repeat the credential that it came with, as Meta does with a malformed token; and what a provider says
 * is shown to whoever may read.
 */
function withoutCredential(answer: WebAnswer, headers: WebRequest['headers']): WebAnswer {
  if (answer.status < 300) return answer;
  const [, authorization = ''] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization') ?? [];
  const [scheme = '', value = ''] = authorization.split(' ', 2);
  const secret =
    scheme.toLowerCase() === 'basic'
      ? Buffer.from(value, 'base64')
          .toString()
          .replace(/^[^:]*:/, '')
      : value;
  return secret ? { ...answer, body: answer.body.replaceAll(secret, '…') } : answer;
}
