import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The secret in `file`, for its owner's eyes alone; made by `invent` where there is none. Of several first starts at once one wins, whole. */
export function readOrMakeSecret(file: string, invent: () => string): string {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, `${invent()}\n`, { mode: 0o600 });
  try {
    linkSync(mine, file); // fails where there is one already
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(mine, { force: true });
  }
  chmodSync(file, 0o600);
  return readFileSync(file, 'utf8').trim();
}
