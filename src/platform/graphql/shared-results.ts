import { LRUCache } from 'lru-cache';
import { type ToldEvent } from './event-source.js';

/** Of all that is kept for those who have not got it yet. */
const MOST_CHARACTERS = 4 << 20;
/** What an entry takes beside its text. */
const ENTRY_CHARACTERS = 200;
const KEPT_MS = 15_000;

/** What an event looks like to a listener. */
export interface Result {
  readonly json: string;
  /** Whether a field failed. */
  readonly failed: boolean;
}

interface Group {
  /** Not its key: one that all have left is another when they come back, with nothing that was kept. */
  readonly id: number;
  listeners: number;
  /** The newest event that was made. */
  newest: number;
  /** The newest one that is not kept any more. */
  forgotten: number;
}

interface Kept {
  readonly group: Group;
  readonly told: number;
  readonly result: Promise<Result> | Result;
}

/** What events look like to each group of listeners (`shareKey`): made once, whoever asks first. */
export class SharedResults {
  private readonly groups = new Map<string, Group>();
  private lastId = 0;
  private readonly kept = new LRUCache<string, Kept>({
    maxSize: MOST_CHARACTERS,
    ttl: KEPT_MS,
    ttlAutopurge: true,
    dispose: ({ group, told }, _key, reason) => {
      if (reason !== 'set') forget(group, told);
    },
  });

  /** A listener of that group, until it leaves. */
  join(key: string): SharedListener {
    const group = this.groups.get(key) ?? { id: ++this.lastId, listeners: 0, newest: 0, forgotten: 0 };
    this.groups.set(key, group);
    group.listeners++;
    return new SharedListener(
      (told, make) => this.of(group, told, make),
      group,
      () => {
        if (!--group.listeners) this.groups.delete(key);
      },
    );
  }

  /** Undefined where the listener is to make it by itself: what failed for one may go well for another, whose turn or whose database it was not. */
  private async of(group: Group, told: number, make: () => Promise<Result>): Promise<Result | undefined> {
    const key = `${group.id} ${told}`;
    const known = this.kept.get(key);
    if (known) {
      const result = await known.result;
      return result.failed ? undefined : result;
    }
    const keep = (result: Kept['result'], size: number) => this.kept.set(key, { group, told, result }, { size: size + ENTRY_CHARACTERS });
    const making = make();
    group.newest = Math.max(group.newest, told);
    keep(making, 0);
    try {
      const result = await making;
      keep(result, result.json.length);
      // Larger than all that may be kept.
      if (!this.kept.has(key)) forget(group, told);
      return result;
    } catch (error) {
      this.kept.delete(key);
      throw error;
    }
  }
}

function forget(group: Group, told: number): void {
  group.forgotten = Math.max(group.forgotten, told);
}

/** One listener of a group. */
export class SharedListener {
  private apartUpTo = 0;

  constructor(
    private readonly shared: (told: number, make: () => Promise<Result>) => Promise<Result | undefined>,
    private readonly group: Group,
    readonly leave: () => void,
  ) {}

  /** `make` is called where nobody of the group had it made, and where this one is so late that it is forgotten. */
  async of({ told }: ToldEvent, make: () => Promise<Result>): Promise<Result> {
    if (told === undefined) return make();
    const isShared = this.group.listeners > 1 && told > this.group.forgotten && told > this.apartUpTo;
    return (isShared ? await this.shared(told, make) : undefined) ?? this.alone(make);
  }

  /** As it is by now, and after it nothing that was made before: an activity would go back to what it was. */
  private alone(make: () => Promise<Result>): Promise<Result> {
    this.apartUpTo = this.group.newest;
    return make();
  }
}
