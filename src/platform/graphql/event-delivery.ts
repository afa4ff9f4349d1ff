import { type EventSource, type ToldEvent } from './event-source.js';

/** Executed at a time: what they ask of the database is asked together. */
const MOST_AT_ONCE = 16;
const GROWS_BY = 4;
/** Of payloads that are made at a time, by the largest of late. */
const MADE_AT_ONCE = 1 << 18;
/** What the largest counts for with each time that none was as large. */
const FADES_TO = 0.9;
/** Of payloads that are written at a time. */
const WRITTEN_AT_ONCE = 1 << 16;
const DONE = { done: true, value: undefined } as const;

/**
 * One listener's way from its source to its socket: what waits is executed together and written together, and the next is taken once the kernel has
 * that. For graphql-ws an iterator that yields nothing: it ends where the source ends, and throws what ends it.
 */
export class EventDelivery implements AsyncGenerator<never, undefined> {
  private isOver = false;
  private returned!: (done: typeof DONE) => void;
  private readonly untilReturned = new Promise<typeof DONE>((returned) => (this.returned = returned));
  /** How many are executed next. */
  private atOnce = 1;
  private largest = 1;

  constructor(
    private readonly source: EventSource,
    private readonly payloadOf: (event: ToldEvent) => Promise<string>,
    /** Writes what the function gives once its turn has come: nothing, where the listener has left by then. */
    private readonly tell: (payloads: () => readonly string[]) => Promise<void>,
    /** Called once, at the end. */
    private readonly left: () => void,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  /** Ends with `return` at once, whatever is executed or written: graphql-ws frees the subscription's id by it, and whoever has that id next must not be ended. */
  next(): Promise<IteratorReturnResult<undefined>> {
    return Promise.race([this.run(), this.untilReturned]);
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.end();
    this.returned(DONE);
    return this.untilReturned;
  }

  async throw(error: unknown): Promise<never> {
    await this.return();
    throw error;
  }

  private async run(): Promise<IteratorReturnResult<undefined>> {
    try {
      let events;
      while ((events = await this.source.take(this.atOnce))) await this.deliver(await Promise.all(events.map(this.payloadOf)));
      return DONE;
    } finally {
      this.end();
    }
  }

  private end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.left();
    void this.source.return?.();
  }

  private async deliver(payloads: readonly string[]): Promise<void> {
    this.largest = Math.max(this.largest * FADES_TO, ...payloads.map(({ length }) => length));
    this.atOnce = Math.max(1, Math.min(MOST_AT_ONCE, this.atOnce * GROWS_BY, Math.floor(MADE_AT_ONCE / this.largest)));
    let from = 0;
    while (from < payloads.length && !this.isOver) {
      const to = endOf(payloads, from);
      this.source.writing();
      const part = payloads.slice(from, to);
      await this.tell(() => (this.isOver ? [] : part));
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
