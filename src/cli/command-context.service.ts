import path from 'node:path';
import { type Environment, foldEnvironment } from '../platform/config/environment.js';
import { readEnvironmentFiles } from '../platform/config/environment-files.service.js';

/** Where a command runs: what the environment says, and the data folder it means. */
export interface CommandContext {
  readonly environment: Environment;
  readonly dataDir: string;
}

/** Reads the process's variables and the files of `cwd`, as the server does. Throws ConfigError. */
export function readContext(cwd = process.cwd()): CommandContext {
  const environment = foldEnvironment(process.env, ...readEnvironmentFiles(cwd));
  return { environment, dataDir: path.resolve(cwd, environment.DATA_DIR ?? 'data') };
}
