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
