import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../support/command.js';

const SOURCES = readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
  (file) => /(?<!\.spec)\.ts$/.test(file) && !file.startsWith('generated'),
);
const LOGGED = SOURCES.flatMap((file) =>
  [...readFileSync(path.join(ROOT, 'src', file), 'utf8').matchAll(/\blog\.(?:info|warn|error)\(\s*'([a-z_.]+)'/g)].map(
    ([, event]) => event!,
  ),
);
const DOCUMENTED = [...readFileSync(path.join(ROOT, 'docs/logs.md'), 'utf8').matchAll(/^\| `([a-z_.]+)`/gm)].map(([, event]) => event!);

describe('docs/logs.md', () => {
  it('has every event that is logged, and once', () => {
    expect(LOGGED.length).toBeGreaterThan(50);
    expect([...new Set(LOGGED)].filter((event) => !DOCUMENTED.includes(event))).toEqual([]);
    expect(DOCUMENTED.filter((event, i) => DOCUMENTED.indexOf(event) !== i)).toEqual([]);
  });
});
