import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'dotenv';
import { ConfigError } from './read-config.js';

type Layer = Readonly<Record<string, string>>;

/**
 * The variables of `.env.local` and of `.env` in `cwd`, in that order: `foldEnvironment(process.env, ...readEnvironmentFiles(cwd))`.
 * A file that is not there says nothing. Throws ConfigError.
 */
export function readEnvironmentFiles(cwd: string): readonly [local: Layer, common: Layer] {
  return [readLayer(path.join(cwd, '.env.local')), readLayer(path.join(cwd, '.env'))];
}

function readLayer(file: string): Layer {
  try {
    return parse(readFileSync(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new ConfigError([`${file} cannot be read (${code}): make it a file that the user who runs Centralita may read, or delete it.`]);
  }
}
