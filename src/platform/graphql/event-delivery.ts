import { type EventSource, type ToldEvent } from './event-source.js';

/** Executed at a time: what they ask of the database is asked together. */
const MOST_AT_ONCE = 50;
const GROWS_BY = 4;
/** Of payloads that are made at a time, by what the last ones took. */
const MADE_AT_ONCE = 1 << 18;
/** Of payloads that are written at a time. */
const WRITTEN_AT_ONCE = 1 << 16;

/**
 * One listener's way from its source to its socket: what waits is executed together and written together, and the next is taken once the kernel has
 * that. For graphql-ws an iterator that yields nothing: it ends where the source ends, and throws what ends it.
 */
export class EventDelivery implements AsyncGenerator<never, undefined> {
  private isOver = false;
  /** How many are executed next. */
  private atOnce = 1;

  constructor(
    private readonly source: EventSource,
    private readonly payloadOf: (event: ToldEvent) => Promise<string>,
    private readonly tell: (payloads: readonly string[]) => Promise<void>,
    /** Called once, at the end. */
    private readonly left: () => void,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async next(): Promise<IteratorReturnResult<undefined>> {
    try {
      let events;
      while ((events = await this.source.take(this.atOnce))) await this.deliver(await Promise.all(events.map(this.payloadOf)));
    } catch (error) {
      return await this.throw(error);
    }
    return this.return();
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    if (!this.isOver) {
      this.isOver = true;
      this.left();
      await this.source.return?.();
    }
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<never> {
    await this.return();
    throw error;
  }

  private async deliver(payloads: readonly string[]): Promise<void> {
    const size = payloads.reduce((sum, { length }) => sum + length, 0) / payloads.length;
    this.atOnce = Math.max(1, Math.min(MOST_AT_ONCE, this.atOnce * GROWS_BY, Math.floor(MADE_AT_ONCE / size)));
    let from = 0;
    while (from < payloads.length && !this.isOver) {
      const to = endOf(payloads, from);
      await this.tell(payloads.slice(from, to));
      this.source.progressed();
      from = to;
    }
  }
}

/** One at least, and no more than may be written at a time. */
function endOf(payloads: readonly string[], from: number): number {
  let to = from + 1;
  for (let size = payloads[from]!.length; to < payloads.length; to++) {
    size += payloads[to]!.length;
    if (size > WRITTEN_AT_ONCE) break;
  }
  return to;
}
