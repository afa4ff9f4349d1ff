// 64 connections, one request in flight on each; deliveries are made and signed before the clock starts.
import { randomBytes } from 'node:crypto';
import net from 'node:net';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';

const { PORT, TWILIO_AUTH_TOKEN, TWILIO_ACCOUNT_SID, PUBLIC_URL, NUMBER } = process.env;
const [seconds, warmup, connections] = [Number(process.env.SECONDS), 1.5, 64];
const PATH = '/api/webhooks/sms/twilio';
const MOST = 60_000;
/** Where nothing is stored one may come again; elsewhere it would be a duplicate. */
const repeats = process.env.REPEATS === 'true';

const run = randomBytes(12).toString('hex');
const requests = Array.from({ length: MOST }, (_, n) => {
  const sid = `SM${run}${n.toString(16).padStart(8, '0')}`;
  const parameters = {
    ToCountry: 'US', ToState: 'CA', SmsMessageSid: sid, NumMedia: '0', ToCity: 'SAN FRANCISCO', FromZip: '94107', SmsSid: sid, FromState: 'CA', SmsStatus: 'received',
    FromCity: 'SAN FRANCISCO', Body: `Hello, this is message number ${n} of a benchmark`, FromCountry: 'US', To: NUMBER, ToZip: '94105', NumSegments: '1',
    MessageSid: sid, AccountSid: TWILIO_ACCOUNT_SID, From: `+1415555${String(n % 10_000).padStart(4, '0')}`, ApiVersion: '2010-04-01',
  }; // prettier-ignore
  const body = new URLSearchParams(parameters).toString();
  const signature = getExpectedTwilioSignature(TWILIO_AUTH_TOKEN, PUBLIC_URL + PATH, parameters);
  return Buffer.from(
    `POST ${PATH} HTTP/1.1\r\nHost: 127.0.0.1:${PORT}\r\nX-Twilio-Signature: ${signature}\r\nUser-Agent: TwilioProxy/1.1\r\nI-Twilio-Idempotency-Token: ${sid}\r\n` +
      `Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
});

let next = 0;
let refused = 0;
let measuring = false;
let running = true;
const latencies = [];

/** One connection: the next request goes when the last is answered. */
function connect() {
  return new Promise((done, fail) => {
    const socket = net.connect(Number(PORT), '127.0.0.1').setNoDelay(true);
    let sentAt;
    let answer = '';
    const send = () => {
      if (!running || (next >= MOST && !repeats)) return socket.end(done);
      sentAt = performance.now();
      socket.write(requests[next++ % MOST]);
    };
    socket.on('connect', send).on('error', fail);
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      const head = answer.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? 0);
      if (head < 0 || answer.length < head + 4 + length) return;
      if (answer[9] !== '2') refused++;
      if (measuring) latencies.push(performance.now() - sentAt);
      answer = '';
      send();
    });
  });
}

const all = Array.from({ length: connections }, connect);
await new Promise((done) => setTimeout(done, warmup * 1000));
measuring = true;
const startedAt = performance.now();
await Promise.race([new Promise((done) => setTimeout(done, seconds * 1000)), Promise.all(all)]);
if (next >= MOST && !repeats) throw new Error(`${MOST} deliveries were too few for this server: measure for fewer seconds`);
measuring = false;
const elapsed = (performance.now() - startedAt) / 1000;
running = false;
await Promise.all(all);
latencies.sort((a, b) => a - b);
const quantile = (q) => latencies[Math.floor(latencies.length * q)];
console.log(JSON.stringify({ perSecond: latencies.length / elapsed, p50: quantile(0.5), p99: quantile(0.99), total: next, refused }));
process.exit(0);
