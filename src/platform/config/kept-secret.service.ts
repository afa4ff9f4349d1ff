import { chmodSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { reasonOf } from '../errors/reason-of.js';
import { makeFolder } from './make-folder.service.js';
import { ConfigError } from './read-config.js';

/** Everybody but the owner may do nothing with it. */
const OTHERS = 0o077;

/**
 * The secret in `file`, for its owner's eyes alone; made by `invent` where there is none. Of several first starts at once one wins, whole. Where
 * there is one nothing is written: the folder may be one that cannot be. Throws ConfigError.
 */
export function readOrMakeSecret(file: string, invent: () => string): string {
  try {
    return read(file) ?? make(file, invent);
  } catch (error) {
    throw new ConfigError([`DATA_DIR must be a folder that can be read and written: of ${file} the system says ${reasonOf(error)}`]);
  }
}

function read(file: string): string | undefined {
  try {
    if (statSync(file).mode & OTHERS) chmodSync(file, 0o600);
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

function make(file: string, invent: () => string): string {
  makeFolder(path.dirname(file), 0o700);
  const mine = `${file}.${process.pid}`;
  try {
    writeFileSync(mine, `${invent()}\n`, { mode: 0o600 });
    linkSync(mine, file); // fails where there is one already
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(mine, { force: true });
  }
  return read(file)!;
}
