import { setTimeout as sleep } from 'node:timers/promises';
import { boundedClient } from './bounded-client.service.js';
import type pg from 'pg';
import { reasonOf } from '../errors/reason-of.js';
import { cureOf } from './connection-cure.js';
import { DatabaseStartError, hasCode } from './database.errors.js';
import { requireWritable } from './session.service.js';

const PATIENCE_MS = 15_000;
const GREETING_MS = 5_000;
/** What passes by itself: a server or a name that is not there yet, a server that starts or stops, or is full. */
const PASSING_CODES = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', '57P03', '57P01', '53300'];

/** Whether a connection is let in, answers within `timeoutMs` and may write. */
export async function answers(connection: pg.ClientConfig, timeoutMs = 2_000): Promise<boolean> {
  return Promise.race([
    greet(connection, timeoutMs, requireWritable).then(
      () => true,
      () => false,
    ),
    sleep(timeoutMs, false, { ref: false }),
  ]);
}

/** Waits for a server that comes up beside us, as in a compose file; says so once, by `onWait`. Throws DatabaseStartError when waiting does not help. */
export async function awaitServer(connection: pg.ClientConfig, where: string, onWait: () => void): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let tries = 1; ; tries++) {
    try {
      return await greet(connection, GREETING_MS, (client) => client.query('select 1'));
    } catch (error) {
      const passes = mayPass(error) && performance.now() < deadline;
      if (passes && tries === 1) onWait();
      if (passes) await sleep(500);
      else
        throw new DatabaseStartError(`DATABASE_URL: ${where} does not let us in (${reasonOf(error)}). ${cureOf(error)}`, {
          cause: error,
        });
    }
  }
}

/** A socket that is not there has the code of a certificate's file that is not; a pooler whose server is away says so, or nothing. */
function mayPass(error: unknown): boolean {
  const { code, syscall, message } = error as { code?: string; syscall?: string; message?: string };
  if (code === 'ENOENT') return syscall === 'connect';
  if (code === '08P01') return /server login has been failing|server_login_retry/.test(message ?? '');
  return hasCode(error, ...PASSING_CODES) || message === 'Query read timeout';
}

async function greet(connection: pg.ClientConfig, timeoutMs: number, ask: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = boundedClient(connection, timeoutMs);
  try {
    await client.connect();
    await ask(client);
  } finally {
    client.end().catch(() => undefined);
  }
}
