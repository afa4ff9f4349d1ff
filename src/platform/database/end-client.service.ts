import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/** Longer than a server that is there takes to say farewell. */
const PATIENCE_MS = 1_000;

/** Ends a connection. Where nobody answers the farewell, the other end being gone or stalled, it is cut. Never throws. */
export async function endClient(client: pg.Client): Promise<void> {
  const ended = client.end().then(
    () => true,
    () => true,
  );
  if (!(await Promise.race([ended, sleep(PATIENCE_MS, false, { ref: false })]))) client.connection.stream.destroy();
}
