import os from 'node:os';
import pg from 'pg';
import { holderOf, type LockHolder, tryLock } from './advisory-lock.service.js';
import { ADVISORY_LOCKS } from './advisory-locks.js';
import { endClient } from './end-client.service.js';

/** The process that holds the lock. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
}

/**
 * One process for one DATA_DIR: a session lock in its database, on a connection of its own, which ends with the process
 * however it ends. The connection's name tells others who holds it. `onLost` is called when the connection drops unasked;
 * that is also how the death of the server is noticed.
 */
export class DataDirLock {
  private client: pg.Client | undefined;

  constructor(private readonly onLost: () => void) {}

  get isHeld(): boolean {
    return this.client !== undefined;
  }

  /** Undefined when taken; else who has it, or `unknown` where it was given back a moment ago. */
  async take(connection: pg.ClientConfig): Promise<Holder | 'unknown' | undefined> {
    const client = new pg.Client({
      ...connection,
      connectionTimeoutMillis: 5_000,
      application_name: `centralita holder ${process.pid}@${os.hostname()}`,
    });
    client.on('error', () => undefined);
    client.on('end', () => this.forget(client));
    try {
      await client.connect();
      if (await tryLock(client, ADVISORY_LOCKS.DATA_DIR)) this.client = client;
      else return processOf(await holderOf(client, ADVISORY_LOCKS.DATA_DIR)) ?? 'unknown';
    } finally {
      if (this.client !== client) await endClient(client);
    }
    return undefined;
  }

  async release(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client) await endClient(client);
  }

  private forget(client: pg.Client): void {
    if (this.client !== client) return;
    this.client = undefined;
    this.onLost();
  }
}

function processOf(session: LockHolder | undefined): Holder | undefined {
  const [, pid, host] = /^centralita holder (\d+)@(.*)$/.exec(session?.application ?? '') ?? [];
  return pid === undefined || host === undefined ? undefined : { pid: Number(pid), host };
}
