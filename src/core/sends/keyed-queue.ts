/** What waits by key: one group of a key at a time, made of all that came while the one before was done; keys do not wait for each other. */
export class KeyedQueue<T> {
  private readonly waiting = new Map<string, T[]>();

  /** `take`: how many of a queue, from its front, make one group. `work` never throws. */
  constructor(
    private readonly work: (key: string, group: readonly T[]) => Promise<void>,
    private readonly take: (queue: readonly T[]) => number,
  ) {}

  push(key: string, item: T): void {
    const queue = this.waiting.get(key);
    if (queue) queue.push(item);
    else {
      this.waiting.set(key, [item]);
      setImmediate(() => void this.run(key));
    }
  }

  private async run(key: string): Promise<void> {
    const queue = this.waiting.get(key)!;
    while (queue.length) await this.work(key, queue.splice(0, Math.max(1, this.take(queue))));
    this.waiting.delete(key);
  }
}
