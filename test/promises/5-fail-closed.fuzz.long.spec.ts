import { ServerProcess } from '../support/server-process.js';
import { readFileSync } from 'node:fs';
import { FixtureWorld } from '../factories/fixture-world.js';
import { fuzzed, randomOf } from '../factories/fuzzed.js';
import { readCases } from '../fixtures/read-cases.js';
import { inParallel, post } from '../support/post.js';

/** More of them: FUZZ_RUNS=50000 npm run jest -- fuzz. Another course: FUZZ_SEED. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 2_000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_125);
const PATHS = ['twilio-sms', 'twilio-whatsapp', 'twilio-voice', 'twilio-email', 'meta-whatsapp', 'sendgrid'];
const CASES = PATHS.flatMap(readCases).filter(({ method, path }) => method === 'POST' && path);

describe('Whatever bytes come to a webhook', () => {
  let world: FixtureWorld<ServerProcess>;
  beforeAll(async () => {
    world = await FixtureWorld.start(
      CASES.filter(({ secret }) => !secret.authTokenSecondary),
      { RATE_LIMIT_REFUSED: '100000/100000' },
      ServerProcess,
    );
  });
  afterAll(() => world.dispose());

  const residentBytes = () => {
    const status = readFileSync(`/proc/${world.server.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) * 1024;
  };
  const run = async (from: number, to: number): Promise<Map<number, number>> => {
    const answers = new Map<number, number>();
    const numbers = Array.from({ length: to - from }, (_, i) => from + i);
    await inParallel(numbers, 8, async (n) => {
      const random = randomOf(SEED + n * 7_919);
      const fixture = CASES[random(CASES.length)]!;
      const { status } = await post(world.server, fuzzed(fixture, random));
      // Inbound Parse is told 503 where elsewhere one says 429 or 404; here nothing of that is so.
      if (status >= 500 || status < 200 || (status >= 300 && status < 400))
        throw new Error(`${status} for run ${n} of ${fixture.name}, seed ${SEED}`);
      answers.set(status, (answers.get(status) ?? 0) + 1);
    });
    return answers;
  };

  it('is answered 2xx or 4xx, both happen, the server lives on, and its memory does not grow', async () => {
    const warm = await run(0, RUNS / 2);
    expect(warm.get(403)).toBeGreaterThan(0);
    expect((warm.get(200) ?? 0) + (warm.get(204) ?? 0)).toBeGreaterThan(RUNS / 20);
    const before = residentBytes();
    await run(RUNS / 2, RUNS);
    expect(world.server.isRunning).toBe(true);
    expect(residentBytes() - before).toBeLessThan(96 << 20);
  });
});
