// The client of `sendSms` and the provider's HTTP API in one process: one clock sees both ends. First so many a second whatever is answered, for the
// latency; then 16 connections, the next when the last is answered, for the capacity.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const { PORT, PROVIDER_PORT, ADMIN_API_KEY, ORGANIZATION } = process.env;
const [seconds, rate, connections, warmup, people] = [Number(process.env.SECONDS), Number(process.env.RATE), 16, 40, 200];
const QUERY = 'mutation ($input: SendSmsInput!) { sendSms(input: $input) { id status } }';

/** When each was asked for, by its text, until the provider sees it. */
const asked = new Map();
const seen = new Set();
const latencies = [];
const answers = [];
let again = 0;

const provider = createServer((request, response) => {
  const atMs = performance.now();
  let form = '';
  request.setEncoding('latin1').on('data', (part) => (form += part));
  request.on('end', () => {
    const parameters = new URLSearchParams(form);
    const text = parameters.get('Body');
    if (seen.has(text)) again++;
    seen.add(text);
    latencies.push(atMs - asked.get(text));
    const sid = `SM${randomUUID().replaceAll('-', '')}`;
    const answer = { sid, status: 'queued', to: parameters.get('To'), from: parameters.get('From'), body: text, error_code: null };
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
}).listen(Number(PROVIDER_PORT), '127.0.0.1');
await once(provider, 'listening');

let turn = 0;
function requestOf(text) {
  const to = `+1415555${String(1000 + (turn++ % people))}`;
  const body = JSON.stringify({
    query: QUERY,
    variables: { input: { organizationId: ORGANIZATION, to, body: text, idempotencyKey: text } },
  });
  return (
    `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:${PORT}\r\nContent-Type: application/json\r\nAuthorization: Bearer ${ADMIN_API_KEY}\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

/** One connection: what is asked while another is under way waits for it. */
class Connection {
  #socket = net.connect(Number(PORT), '127.0.0.1').setNoDelay(true);
  #last = once(this.#socket, 'connect');
  #answer = '';
  #done;

  constructor() {
    this.#socket.on('error', (error) => fail(error.message)).on('data', (data) => this.#read(data));
  }

  /** `atMs`: when it should have gone. */
  send(atMs) {
    return (this.#last = this.#last.then(
      () =>
        new Promise((done) => {
          const text = randomUUID();
          const startedMs = atMs ?? performance.now();
          this.#done = () => {
            answers.push(performance.now() - startedMs);
            done();
          };
          asked.set(text, startedMs);
          this.#socket.write(requestOf(text));
        }),
    ));
  }

  #read(data) {
    this.#answer += data.toString('latin1');
    const head = this.#answer.indexOf('\r\n\r\n');
    const length = Number(/content-length: (\d+)/i.exec(this.#answer)?.[1]);
    if (head < 0 || this.#answer.length < head + 4 + length) return;
    if (!this.#answer.startsWith('HTTP/1.1 200') || this.#answer.includes('"errors"')) fail(this.#answer);
    this.#answer = '';
    this.#done();
  }
}

function fail(what) {
  console.error(what);
  process.exit(1);
}

async function reached(count) {
  for (let waited = 0; seen.size < count; waited += 5) {
    if (waited > 20_000) fail(`${seen.size} of ${count} sends reached the provider`);
    await sleep(5);
  }
}

const pool = Array.from({ length: connections }, () => new Connection());
let total = 0;
for (; total < warmup; total++) await pool[total % connections].send();
await reached(total);

latencies.length = answers.length = 0;
const beginMs = performance.now();
for (let i = 0; i < rate * seconds; i++, total++) {
  const dueMs = beginMs + (i + Math.random()) * (1000 / rate);
  while (performance.now() < dueMs) await sleep(Math.max(0, dueMs - performance.now()));
  void pool[i % connections].send(dueMs);
}
await reached(total);
const quantile = (values, q) => values.sort((a, b) => a - b)[Math.floor(values.length * q)];
const open = { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), answerP50: quantile(answers, 0.5) };

let running = true;
const startedMs = performance.now();
const loops = pool.map(async (connection) => {
  for (; running; total++) await connection.send();
});
const before = seen.size;
await sleep(seconds * 1000);
running = false;
await Promise.all(loops);
await reached(total);
const perSecond = ((seen.size - before) * 1000) / (performance.now() - startedMs);
console.log(JSON.stringify({ ...open, perSecond, total, again }));
process.exit(0);
