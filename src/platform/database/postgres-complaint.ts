/** A segment of the write-ahead log: with less, PostgreSQL does not start. */
const LEAST_FREE_BYTES = 16 * 1024 * 1024;

/**
 * Why a server ended, in one line: its last complaint in `said`, else its last words, else `end`, how the process did. On a full disk its log is
 * empty or cut, so that is said too.
 */
export function complaintOf(said: string, end: string, freeBytes: number): string {
  const complaint = [...said.matchAll(/(?:FATAL|PANIC|ERROR): +(.*)/g)].at(-1)?.[1] ?? said.trim().split('\n').at(-1);
  const room = freeBytes < LEAST_FREE_BYTES ? `; the disk is full: ${Math.floor(freeBytes / 1024 ** 2)} MB are free` : '';
  return `${complaint?.trim() || end}${room}`;
}
