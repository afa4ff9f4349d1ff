/** What a subscription takes beside what was asked. */
const EACH_BYTES = 4 << 10;
/** Of one credential: 16,000 of usual length. */
const MOST_BYTES = 64 << 20;

/** What the open subscriptions of each credential keep: each is remembered as it was asked, until it ends. */
export class HeldSubscriptions {
  private readonly heldBytes = new Map<string, number>();

  /** `askedBytes`: of the message that asked. What gives it back, once; undefined where it would be too much. */
  take(rateKey: string, askedBytes: number): (() => void) | undefined {
    const bytes = EACH_BYTES + askedBytes;
    const held = this.heldBytes.get(rateKey) ?? 0;
    if (held + bytes > MOST_BYTES) return undefined;
    this.heldBytes.set(rateKey, held + bytes);
    return () => {
      const left = this.heldBytes.get(rateKey)! - bytes;
      if (left) this.heldBytes.set(rateKey, left);
      else this.heldBytes.delete(rateKey);
    };
  }
}
