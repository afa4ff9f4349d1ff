import { type Request } from '../factories/twilio.js';
import { type TestServer } from './server.js';

export interface Answer {
  readonly status: number;
  readonly contentType: string | null;
  readonly text: string;
  readonly retryAfter: string | null;
}

/** Sends a request as it is. */
export async function post(server: TestServer, request: Request): Promise<Answer> {
  const response = await fetch(server.url + request.path, {
    method: request.method,
    headers: request.headers,
    ...(request.body && { body: new Uint8Array(request.body) }),
  });
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    text: await response.text(),
    retryAfter: response.headers.get('retry-after'),
  };
}

/** Again after a 5xx or a broken connection until it is taken, as a provider with retries does. */
export async function deliver(server: TestServer, request: Request, tries = 400): Promise<Answer> {
  for (let i = 1; ; i++) {
    const answer = await post(server, request).catch(() => undefined);
    if (answer && answer.status < 500) return answer;
    if (i >= tries) throw new Error(`not taken after ${tries} tries: ${answer?.text}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** So many at a time. */
export async function inParallel<T>(items: readonly T[], width: number, work: (item: T, i: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < items.length) {
        const i = next++;
        await work(items[i]!, i);
      }
    }),
  );
}
