import { type Channel } from '../adapters/channel.js';
import { type Turn } from './write-sends.sql.js';

/** Whose turn it is: one sender's. */
export interface Paced {
  readonly organizationId: string;
  readonly channel: Channel;
  readonly from: string;
}

/** Twice what is between two looks at what is due. Held for less, those that wait would lose their turns and take new ones, over and over. */
const LATE_MS = 2_000;

/** The turns of senders, at most `perSecond` messages a second each; without a rate everybody's turn is now. Made anew for each plan. */
export class Pacing {
  private readonly taken = new Map<string, Turn>();

  constructor(
    private readonly perSecond: number | undefined,
    known: readonly Turn[],
  ) {
    for (const turn of known) this.taken.set(nameOf(turn), turn);
  }

  /** The turns taken here, to be written. */
  readonly written = new Map<string, Turn>();

  /** Whether a turn that was taken for `at` is still good at `now`: whoever is looked for every second is a little late. */
  stillHolds(at: Date, now: Date): boolean {
    return this.perSecond === undefined || now.getTime() - at.getTime() <= Math.max(LATE_MS, 1000 / this.perSecond);
  }

  /** The next free turn of a sender, at `now` or later, which is then taken. */
  take({ organizationId, channel, from: sender }: Paced, now: Date): Date {
    if (this.perSecond === undefined) return now;
    const name = nameOf({ organizationId, channel, sender });
    const turn = new Date(Math.max(now.getTime(), this.taken.get(name)?.nextAt.getTime() ?? 0));
    const next = { organizationId, channel, sender, nextAt: new Date(turn.getTime() + 1000 / this.perSecond) };
    this.taken.set(name, next);
    this.written.set(name, next);
    return turn;
  }
}

const nameOf = ({ organizationId, channel, sender }: Omit<Turn, 'nextAt'>): string => `${organizationId} ${channel} ${sender}`;
