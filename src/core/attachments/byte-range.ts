/** Both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * What a Range header asks of a file: undefined for all of it (no header, several ranges, or what is no range), UNSATISFIABLE for what
 * begins beyond its end. Source: RFC 9110, section 14.
 */
export function readRange(header: string | undefined, sizeBytes: number): ByteRange | 'UNSATISFIABLE' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const last = sizeBytes - 1;
  if (from === '') return Number(to) === 0 || sizeBytes === 0 ? 'UNSATISFIABLE' : { start: Math.max(0, sizeBytes - Number(to)), end: last };
  if (to !== '' && Number(to) < Number(from)) return undefined;
  if (Number(from) > last) return 'UNSATISFIABLE';
  return { start: Number(from), end: to === '' ? last : Math.min(Number(to), last) };
}
