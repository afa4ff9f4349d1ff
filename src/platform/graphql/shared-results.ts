import { LRUCache } from 'lru-cache';
import { type ToldEvent } from './event-source.js';

/** Of all that is kept for those who have not got it yet. */
const MOST_CHARACTERS = 4 << 20;

/** What events look like to each group of listeners (`shareKey`): made once, whoever asks first. */
export class SharedResults {
  private readonly listeners = new Map<string, number>();
  private readonly kept = new LRUCache<string, Promise<string> | string>({ maxSize: MOST_CHARACTERS });

  join(group: string): void {
    this.listeners.set(group, (this.listeners.get(group) ?? 0) + 1);
  }

  leave(group: string): void {
    const left = this.listeners.get(group)! - 1;
    if (left) this.listeners.set(group, left);
    else this.listeners.delete(group);
  }

  /** As JSON. `make` is called where nobody of the group had it made, or too long ago. */
  async of(group: string, { told }: ToldEvent, make: () => Promise<string>): Promise<string> {
    if (told === undefined || this.listeners.get(group) === 1) return make();
    const key = `${told} ${group}`;
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const making = make();
    this.kept.set(key, making, { size: 1 });
    try {
      const made = await making;
      this.kept.set(key, made, { size: made.length });
      return made;
    } catch (error) {
      this.kept.delete(key);
      throw error;
    }
  }
}
