/** Something that a subscription tells. */
export interface ToldEvent {
  /** Of what many listeners are told: one number, one event, in this process. What has none is this listener's alone. */
  readonly told?: number | undefined;
}

/** What the field of a subscription returns: an iterator that also gives many at a time. */
export interface EventSource<T extends ToldEvent = ToldEvent> extends AsyncIterableIterator<T> {
  /** What waits, `most` at the most, else what comes next; undefined at the end. Throws what ended it. */
  take(most: number): Promise<readonly T[] | undefined>;
  /** Part of what was taken is being written: a listener that takes it holds up what comes next from now on. */
  writing(): void;
}
