import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { EventDelivery } from './event-delivery.js';
import { type EventSource, type ToldEvent } from './event-source.js';

/** Gives what waits, then ends, or fails where a failure is set. */
class Source implements EventSource {
  readonly taken: number[] = [];
  writes = 0;
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
  writing(): void {
    this.writes++;
  }
}

function deliveryOf(source: Source, length: number | ((i: number) => number), write = () => Promise.resolve()) {
  const writes: number[] = [];
  let left = 0;
  let made = 0;
  const tell = async (payloads: () => readonly string[]) => {
    await write();
    writes.push(payloads().length);
  };
  const payloadOf = () => Promise.resolve('x'.repeat(typeof length === 'number' ? length : length(made++)));
  return { delivery: new EventDelivery(source, payloadOf, tell, () => left++), writes, left: () => left };
}

describe('EventDelivery', () => {
  it('takes more at a time while what it tells is small, sixteen at the most, and writes that together', async () => {
    const source = new Source(50);
    const { delivery, writes, left } = deliveryOf(source, 100);
    await expect(delivery.next()).resolves.toEqual({ done: true, value: undefined });
    expect(source.taken).toEqual([1, 4, 16, 16, 13]);
    expect(writes).toEqual(source.taken);
    expect([source.writes, left(), source.returned]).toEqual([5, 1, 1]);
  });

  it('makes no more at a time of what is large than 256 kB, and writes it 64 kB by 64 kB', async () => {
    const source = new Source(20);
    const { delivery, writes } = deliveryOf(source, 30_000);
    await delivery.next();
    expect(source.taken).toEqual([1, 4, 8, 7]);
    expect(writes).toEqual([1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1]);
    expect(source.writes).toBe(writes.length);
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

  it('goes by the largest of late, not by the last', async () => {
    const source = new Source(12);
    const { delivery } = deliveryOf(source, (i) => (i === 0 ? 100_000 : 100));
    await delivery.next();
    expect(source.taken).toEqual([1, 2, 2, 3, 3, 1]);
  });

  it('ends at once with whoever returns it, in the middle of a write, and writes nothing more', async () => {
    const source = new Source(20);
    let release = () => {};
    const { delivery, writes, left } = deliveryOf(source, 30_000, () => new Promise((done) => (release = done)));
    const ended = delivery.next();
    for (let i = 0; i < 2; i++) {
      await setImmediate();
      release();
    }
    await setImmediate();
    expect(writes).toEqual([1, 2]);
    await delivery.return();
    await expect(ended).resolves.toEqual({ done: true, value: undefined });
    release();
    await setImmediate();
    expect([writes, left(), source.returned]).toEqual([[1, 2, 0], 1, 1]);
  });

  it('ends at once in the middle of what is executed, and says nothing of what fails then', async () => {
    const source = new Source(1);
    let fail: (error: Error) => void;
    const made = () => new Promise<string>((_, failed) => (fail = failed));
    const delivery = new EventDelivery(
      source,
      made,
      () => Promise.resolve(),
      () => {},
    );
    const ended = delivery.next();
    await setImmediate();
    await delivery.return();
    await expect(ended).resolves.toEqual({ done: true, value: undefined });
    fail!(new Error('too late'));
    await setImmediate();
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
