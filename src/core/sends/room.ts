/** Of all files together. */
export function sizeOf(files: readonly { readonly sizeBytes: number }[]): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** What an attempt takes: one of its account's places, and room for the bytes of its files. */
export interface Place {
  readonly accountId: string;
  readonly sizeBytes: number;
}

export interface RoomSize {
  readonly attempts: number;
  /** Of one account: the rest is for the others, so that a provider that hangs does not stop them. */
  readonly attemptsOfAccount: number;
  readonly bytes: number;
}

/** Which attempts may begin beside those under way. However large its files, one always may where nothing is under way. */
export class Room {
  private attempts = 0;
  private bytes = 0;
  private readonly byAccount = new Map<string, number>();

  constructor(
    private readonly size: RoomSize,
    underWay: Iterable<Place> = [],
  ) {
    for (const place of underWay) this.add(place);
  }

  /** How many at the most, and no more than `limit`. */
  most(limit: number): number {
    return Math.max(0, Math.min(this.size.attempts - this.attempts, limit));
  }

  /** Of the files of one more; undefined where they may be of any size. */
  bytesLeft(): number | undefined {
    return this.attempts > 0 ? Math.max(0, this.size.bytes - this.bytes) : undefined;
  }

  /** Takes a place where there is one. */
  take(place: Place): boolean {
    if (place.sizeBytes > (this.bytesLeft() ?? Infinity) || this.isFull(place.accountId)) return false;
    this.add(place);
    return true;
  }

  isFull(accountId: string): boolean {
    return this.attempts >= this.size.attempts || (this.byAccount.get(accountId) ?? 0) >= this.size.attemptsOfAccount;
  }

  /** Those whose own places are all taken. */
  fullAccounts(): readonly string[] {
    return [...this.byAccount].flatMap(([accountId, count]) => (count >= this.size.attemptsOfAccount ? [accountId] : []));
  }

  private add({ accountId, sizeBytes }: Place): void {
    this.attempts += 1;
    this.bytes += sizeBytes;
    this.byAccount.set(accountId, (this.byAccount.get(accountId) ?? 0) + 1);
  }
}
