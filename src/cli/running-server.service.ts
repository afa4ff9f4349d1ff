import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type CommandContext } from './command-context.service.js';
import { CommandError } from './command-error.js';

const ANSWER_TIMEOUT_MS = 15_000;

/** Where the server of this data folder is. */
export interface ServerAddress {
  /** Where it listens; no trailing slash. */
  readonly url: string;
  /** What providers call and sign; no trailing slash. */
  readonly publicUrl: string;
}

/** A server that answers, and the administrator's key to it. */
export interface Connection extends ServerAddress {
  readonly key: string;
}

/** What the server left in DATA_DIR/server.json, if it still runs; else what the environment makes likely. Asks nobody. */
export function locateServer({ environment, dataDir }: CommandContext): ServerAddress {
  const noted = readServerFile(path.join(dataDir, 'server.json'));
  if (noted) return noted;
  const url = `http://localhost:${environment.PORT ?? 3000}`;
  return { url, publicUrl: withoutSlash(environment.PUBLIC_URL ?? url) };
}

/** Finds the server and makes sure that it answers. Throws CommandError. */
export async function connect(context: CommandContext): Promise<Connection> {
  const address = locateServer(context);
  await request(address, '/health/live', {});
  return { ...address, key: context.environment.ADMIN_API_KEY ?? readKeyFile(path.join(context.dataDir, 'admin-key')) };
}

/** The data of one GraphQL operation, asked as the administrator. Throws CommandError. */
export async function ask<T>(connection: Connection, query: string, variables: Record<string, unknown> = {}): Promise<T> {
  const response = await request(connection, '/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${connection.key}` },
    body: JSON.stringify({ query, variables }),
  });
  const answer = (await response.json().catch(() => undefined)) as GraphqlAnswer<T> | undefined;
  const [error] = answer?.errors ?? [];
  if (error?.extensions?.code === 'UNAUTHENTICATED') throw new KeyRefused(connection);
  if (error) throw new Refused(connection, error, error.extensions?.code ?? String(response.status));
  if (!answer?.data)
    throw new CommandError(
      `What answers at ${connection.url} is not Centralita (HTTP ${response.status} at /graphql). Is PORT or DATA_DIR another server's?`,
    );
  return answer.data;
}

/** One HTTP request to the server. Throws CommandError where nothing answers. */
export async function request({ url }: ServerAddress, pathname: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url + pathname, { ...init, redirect: 'manual', signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'TimeoutError')
      throw new CommandError(`Centralita at ${url} gave no answer within ${ANSWER_TIMEOUT_MS / 1000} s.`, { cause });
    throw new CommandError(`No Centralita answers at ${url}. Start it in another terminal: npm start`, { cause });
  }
}

/** An operation that the server would not do, and why. */
export class Refused extends CommandError {
  /** The server's own sentence. */
  readonly reason: string;
  /** What of the input is to blame, where one thing is. */
  readonly field: string | undefined;
  /** Of a send to several, whose it is about. */
  readonly to: string | undefined;

  constructor(
    { url }: ServerAddress,
    { message, extensions }: GraphqlError,
    readonly code: string,
  ) {
    super(`Centralita at ${url} refused: ${message} (${code})`);
    this.reason = message;
    this.field = extensions?.field;
    this.to = extensions?.to;
  }
}

export class KeyRefused extends CommandError {
  constructor({ url }: ServerAddress) {
    super(`Centralita at ${url} refused the administrator's key. Set ADMIN_API_KEY, or DATA_DIR, as that server has it.`);
  }
}

interface GraphqlAnswer<T> {
  readonly data?: T | null;
  readonly errors?: readonly GraphqlError[];
}

interface GraphqlError {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly field?: string; readonly to?: string };
}

function readServerFile(file: string): ServerAddress | undefined {
  try {
    const { url, publicUrl, pid } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    if (typeof url !== 'string' || typeof publicUrl !== 'string' || typeof pid !== 'number' || !isAlive(pid)) return undefined;
    return { url: withoutSlash(url), publicUrl: withoutSlash(publicUrl) };
  } catch {
    return undefined; // not there, or half written by a server that was killed: as good as none
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // another user's
  }
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`;
    throw new CommandError(`The administrator's key is needed, and ${file} ${why}. Set ADMIN_API_KEY, or DATA_DIR, as the server has it.`, {
      cause,
    });
  }
}

const withoutSlash = (url: string) => url.replace(/\/+$/, '');
