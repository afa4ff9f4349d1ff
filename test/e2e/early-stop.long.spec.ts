import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Newcomer } from '../support/command.js';
import { until } from '../support/until.js';

describe('A stop before the server is ready', () => {
  it.each([0, 300, 800, 1_500, 2_500, 3_500])(
    '%i ms after it began with its database ends with exit code 0, and leaves no PostgreSQL',
    async (afterMs) => {
      const newcomer = await Newcomer.create();
      const server = newcomer.begin();
      await until(() => existsSync(path.join(newcomer.dataDir, 'postgres')), { ms: 20_000 });
      await sleep(afterMs);
      expect(await server.signal('SIGTERM')).toBe(0);
      expect(server.lines.join()).not.toMatch(/error|failed/i);
      await until(() => newcomer.postgres === undefined, { ms: 5_000, what: 'the end of PostgreSQL' });
      newcomer.dispose();
    },
  );
});
