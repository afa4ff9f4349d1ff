/** The newest `limit` of what was added, in the order it came. */
export class BoundedList<T> implements Iterable<T> {
  private items: T[] = [];

  constructor(private readonly limit: number) {}

  add(item: T): T {
    this.items.push(item);
    // In halves: to drop one at each would move all of them each time.
    if (this.items.length > this.limit * 2) this.items = this.items.slice(-this.limit);
    return item;
  }

  get all(): readonly T[] {
    return this.items.slice(-this.limit);
  }

  clear(): void {
    this.items = [];
  }

  [Symbol.iterator](): Iterator<T> {
    return this.all[Symbol.iterator]();
  }
}

/** By their keys, the newest `limit` of what was put in. */
export class BoundedMap<T> {
  private readonly items = new Map<string, T>();

  constructor(private readonly limit: number) {}

  put(key: string, item: T): T {
    this.items.delete(key);
    this.items.set(key, item);
    if (this.items.size > this.limit) this.items.delete(this.items.keys().next().value!);
    return item;
  }

  get(key: string): T | undefined {
    return this.items.get(key);
  }

  delete(key: string): boolean {
    return this.items.delete(key);
  }

  /** The newest first. */
  get newest(): readonly T[] {
    return [...this.items.values()].reverse();
  }

  clear(): void {
    this.items.clear();
  }
}
