import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const ID_BYTES = 16;
/** Random bytes are drawn for many ids at once: a draw costs more than what it draws. */
const pool = Buffer.allocUnsafe(ID_BYTES * 256);
let at = pool.length;

/** A version 7 UUID: its beginning is the time, so that rows made together lie together; its last 62 bits are random. */
export function newId(): string {
  if (at === pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  return v7({ random: pool.subarray(at, (at += ID_BYTES)) });
}

/** Below every id. */
export const LOWEST_ID = '00000000-0000-0000-0000-000000000000';

/** Below every id that was made then or later. */
export function lowestIdAt(at: Date): string {
  const time = at.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}
