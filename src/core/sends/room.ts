/** Of all files together. */
export function sizeOf(files: readonly { readonly sizeBytes: number }[]): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** How many attempts may begin, and with how many bytes of files: one always may, however large, where nothing is under way. */
export class Room {
  constructor(
    private slots: number,
    private bytes: number,
    private empty: boolean,
  ) {}

  /** How many at the most, and no more than `limit`. */
  most(limit: number): number {
    return this.bytes <= 0 ? 0 : Math.max(0, Math.min(this.slots, limit));
  }

  /** Takes a place where there is one. */
  take(files: readonly { readonly sizeBytes: number }[]): boolean {
    const size = sizeOf(files);
    if (this.slots < 1 || (size > this.bytes && !this.empty)) return false;
    this.slots -= 1;
    this.bytes -= size;
    this.empty = false;
    return true;
  }
}
