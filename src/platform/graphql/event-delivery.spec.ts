import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { EventDelivery } from './event-delivery.js';
import { type EventSource, type ToldEvent } from './event-source.js';

/** Gives what waits, then ends, or fails where a failure is set. */
class Source implements EventSource {
  readonly taken: number[] = [];
  progress = 0;
  returned = 0;
  failure: Error | undefined;

  constructor(private waiting: number) {}

  [Symbol.asyncIterator](): this {
    return this;
  }
  next(): never {
    throw new Error('nobody asks one at a time');
  }
  take(most: number): Promise<ToldEvent[] | undefined> {
    if (this.returned || !this.waiting) return this.failure ? Promise.reject(this.failure) : Promise.resolve(undefined);
    const n = Math.min(most, this.waiting);
    this.waiting -= n;
    this.taken.push(n);
    return Promise.resolve(Array.from({ length: n }, () => ({})));
  }
  return(): Promise<IteratorResult<ToldEvent>> {
    this.returned++;
    return Promise.resolve({ done: true, value: undefined });
  }
  progressed(): void {
    this.progress++;
  }
}

function deliveryOf(source: Source, length: number, write = () => Promise.resolve()) {
  const writes: number[] = [];
  let left = 0;
  let made = 0;
  const tell = (payloads: readonly string[]) => {
    writes.push(payloads.length);
    return write();
  };
  const payloadOf = () => Promise.resolve(String(made++).padEnd(length));
  return { delivery: new EventDelivery(source, payloadOf, tell, () => left++), writes, left: () => left };
}

describe('EventDelivery', () => {
  it('takes more at a time while what it tells is small, fifty at the most, and writes that together', async () => {
    const source = new Source(150);
    const { delivery, writes, left } = deliveryOf(source, 100);
    await expect(delivery.next()).resolves.toEqual({ done: true, value: undefined });
    expect(source.taken).toEqual([1, 4, 16, 50, 50, 29]);
    expect(writes).toEqual(source.taken);
    expect([source.progress, left(), source.returned]).toEqual([6, 1, 1]);
  });

  it('makes no more at a time of what is large than 256 kB by what the last took, and writes it 64 kB by 64 kB, each a progress', async () => {
    const source = new Source(20);
    const { delivery, writes } = deliveryOf(source, 30_000);
    await delivery.next();
    expect(source.taken).toEqual([1, 4, 8, 7]);
    expect(writes).toEqual([1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1]);
    expect(source.progress).toBe(writes.length);
  });

  it('tells one at a time of what is larger than that', async () => {
    const source = new Source(3);
    const { delivery, writes } = deliveryOf(source, 1_000_000);
    await delivery.next();
    expect([source.taken, writes]).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
  });

  it('writes nothing more once it is over, even in the middle of what was taken', async () => {
    const source = new Source(20);
    let release = () => {};
    const { delivery, writes, left } = deliveryOf(source, 30_000, () => new Promise((done) => (release = done)));
    const ended = delivery.next();
    await setImmediate();
    release();
    await setImmediate();
    await delivery.return();
    release();
    await expect(ended).resolves.toEqual({ done: true, value: undefined });
    expect([writes, left(), source.returned]).toEqual([[1, 2], 1, 1]);
  });

  it('throws what ended its source, and leaves', async () => {
    const source = new Source(0);
    source.failure = new Error('the cursor expired');
    const { delivery, left } = deliveryOf(source, 100);
    await expect(delivery.next()).rejects.toThrow('the cursor expired');
    expect([left(), source.returned]).toEqual([1, 1]);
  });

  it('throws what an event could not be made by, and leaves', async () => {
    const source = new Source(1);
    let left = 0;
    const delivery = new EventDelivery(
      source,
      () => Promise.reject(new Error('no')),
      () => Promise.resolve(),
      () => left++,
    );
    await expect(delivery.next()).rejects.toThrow('no');
    expect([left, source.returned]).toEqual([1, 1]);
  });
});
