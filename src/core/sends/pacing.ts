import { type Channel } from '../adapters/channel.js';
import { type Sender, type Turn } from './write-sends.sql.js';

/** Whose turn it is: one sender's. */
export interface Paced {
  readonly organizationId: string;
  readonly channel: Channel;
  readonly from: string;
}

/** Whose turn is asked for. */
export function senderOf({ organizationId, channel, from }: Paced): Sender {
  return { organizationId, channel, sender: from };
}

/** Twice what is between two looks at what is due. Held for less, those that wait would lose their turns and take new ones, over and over. */
const LATE_MS = 2_000;
/** So much of a message's time, or of a second, one may leave before its time, or a timer that is a little late would slow all that come after. */
const EARLY_SHARE = 1 / 4;
const EARLY_MS = 50;

/**
 * The turns of senders, at most `perSecond` messages a second each; without a rate everybody's turn is now. Turns are given as times, and what leaves
 * is counted beside that: those that were all late, the database having been away, must not leave together. Made anew for each plan.
 */
export class Pacing {
  private readonly turns = new Map<string, Turn>();
  /** The first time of each sender that nobody who was late was put off to here. */
  private readonly putOff = new Map<string, number>();
  private readonly gapMs: number;
  private readonly earlyMs: number;

  constructor(
    private readonly perSecond: number | undefined,
    known: readonly Turn[],
  ) {
    this.gapMs = perSecond === undefined ? 0 : 1000 / perSecond;
    this.earlyMs = Math.max(this.gapMs * EARLY_SHARE, EARLY_MS);
    for (const turn of known) this.turns.set(nameOf(turn), turn);
  }

  /** What was changed here, to be written. */
  readonly written = new Map<string, Turn>();

  /** The next free turn of a sender, at `now` or later, which is then taken. */
  take(paced: Paced, now: Date): Date {
    if (this.perSecond === undefined) return now;
    const { nextAt, freeAt } = this.of(paced);
    const first = Math.max(now.getTime(), nextAt?.getTime() ?? 0);
    const turn = this.isFree(freeAt, first) ? first : freeAt!.getTime();
    this.write(paced, { nextAt: new Date(turn + this.gapMs), freeAt });
    return new Date(turn);
  }

  /** When one may leave whose turn was `dueAt` and has come: now, a little later, or, its turn missed by long, at a new one. */
  afterTurn(paced: Paced, dueAt: Date, now: Date): Date {
    if (this.perSecond === undefined) return now;
    const longest = Math.max(LATE_MS, this.gapMs);
    const { freeAt } = this.of(paced);
    if (now.getTime() - dueAt.getTime() > longest) return this.take(paced, now);
    if (this.isFree(freeAt, now.getTime())) return now;
    const name = nameOf(senderOf(paced));
    const at = Math.max(freeAt!.getTime(), this.putOff.get(name) ?? 0);
    if (at - dueAt.getTime() > longest) return this.take(paced, now);
    this.putOff.set(name, at + this.gapMs);
    return new Date(at);
  }

  /** One of them leaves now. */
  left(paced: Paced, now: Date): void {
    if (this.perSecond === undefined) return;
    const { nextAt, freeAt } = this.of(paced);
    const from = Math.max(freeAt?.getTime() ?? 0, now.getTime() - this.earlyMs);
    this.write(paced, { nextAt: nextAt ?? now, freeAt: new Date(from + this.gapMs) });
  }

  private isFree(freeAt: Date | null, at: number): boolean {
    return freeAt === null || freeAt.getTime() - this.earlyMs <= at;
  }

  private of(paced: Paced): { readonly nextAt: Date | undefined; readonly freeAt: Date | null } {
    const turn = this.turns.get(nameOf(senderOf(paced)));
    return { nextAt: turn?.nextAt, freeAt: turn?.freeAt ?? null };
  }

  private write(paced: Paced, times: Pick<Turn, 'nextAt' | 'freeAt'>): void {
    const sender = senderOf(paced);
    const turn = { ...sender, ...times };
    this.turns.set(nameOf(sender), turn);
    this.written.set(nameOf(sender), turn);
  }
}

const nameOf = ({ organizationId, channel, sender }: Sender): string => `${organizationId} ${channel} ${sender}`;
