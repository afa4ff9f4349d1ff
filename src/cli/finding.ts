/** One line of `doctor`. OK and OFF are fine; FIX keeps something from working, and says what to do. */
export interface Finding {
  readonly kind: 'OK' | 'OFF' | 'FIX';
  /** Names and counts, never a value that may be secret. */
  readonly text: string;
}

export const ok = (text: string): Finding => ({ kind: 'OK', text });
export const off = (text: string): Finding => ({ kind: 'OFF', text });
export const fix = (text: string): Finding => ({ kind: 'FIX', text });
