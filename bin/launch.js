/** Builds what is out of date where the sources are here, then runs the command in this very process, so that signals reach it. */
import { existsSync } from 'node:fs';

const here = (relative) => new URL(relative, import.meta.url);

if (existsSync(here('../src'))) {
  const { BuildError, ensureBuilt } = await import('../scripts/build.js');
  try {
    await ensureBuilt();
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
// npx puts a shell between itself and us, and a signal to npx ends that shell alone: whoever has lost it stops, as if told to.
if (process.env.npm_command === 'exec') {
  const shell = process.ppid;
  setInterval(() => process.ppid === shell || process.kill(process.pid, 'SIGTERM'), 500).unref();
}
const { main } = await import(here('../dist/cli.js').href);
await main();
