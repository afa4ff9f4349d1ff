import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Newcomer } from '../support/command.js';
import { until } from '../support/until.js';

/** The exit code of a command that a SIGTERM ends so long after it began with its database, and what it printed. */
async function stopped(word: string, afterMs: number): Promise<{ code: number | null; printed: string }> {
  const newcomer = await Newcomer.create();
  const running = newcomer.begin(word);
  await until(() => existsSync(path.join(newcomer.dataDir, 'postgres')), { ms: 20_000 });
  await sleep(afterMs);
  const code = await running.signal('SIGTERM');
  await until(() => newcomer.postgres === undefined, { ms: 5_000, what: 'the end of PostgreSQL' });
  newcomer.dispose();
  return { code, printed: running.lines.join() };
}

describe('A stop before the server is ready', () => {
  it.each([0, 300, 800, 1_500, 2_500, 3_500])(
    '%i ms after it began with its database ends with exit code 0, and leaves no PostgreSQL',
    async (afterMs) => {
      const { code, printed } = await stopped('start', afterMs);
      expect([code, printed]).toEqual([0, expect.not.stringMatching(/error|failed/i)]);
    },
  );

  it('ends `centralita migrate` with exit code 1: what comes behind it must not take that for done', async () => {
    expect(await stopped('migrate', 0)).toEqual({ code: 1, printed: '' });
  });
});
