import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseService } from '../../platform/database/database.service.js';
import { isDataError } from '../../platform/database/sql-state.js';
import { Turnstile } from '../../platform/database/turnstile.service.js';
import { isFault } from '../../platform/errors/is-fault.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { Log } from '../../platform/logging/log.service.js';
import { type SourcedDraft } from '../activities/sourced-draft.js';
import { RecorderService } from '../activities/recorder.service.js';
import { type SendOutcome } from '../adapters/outbound.js';
import { lockHead } from '../feed/feed-head.sql.js';
import { type Departure } from './departure.js';
import { type LostItem } from './due-items.sql.js';
import { KeyedQueue } from './keyed-queue.js';
import { outcomeDraft, ownDraft } from './own-draft.js';
import { endItems, loseItems, type Returned, returnItems } from './write-sends.sql.js';

/** Of those that certainly were not sent, the pause before the nth try more, and how often before they are given up. */
const PAUSE_MS = (attempt: number): number => Math.min(1_000 * 2 ** (attempt - 1), 5 * 60_000);
/** A provider may ask for a longer one than ours, up to this. */
const LONGEST_PAUSE_MS = 24 * 60 * 60_000;
const MOST_ATTEMPTS = 20;
/** While the database is away an outcome is kept in mind: lost, it would be UNKNOWN. */
const DATABASE_PAUSE_MS = 500;
const MOST_AT_ONCE = 200;

const NOT_STORABLE = { kind: 'UNKNOWN', reason: 'what the provider answered could not be stored' } as const;

/** How an attempt ended: with an event, or to be tried again. */
interface Settling {
  readonly activityId: string;
  readonly end: { readonly draft: SourcedDraft; readonly unstorable?: SourcedDraft } | { readonly returned: Returned };
  readonly done: () => void;
}

/** What became of attempts, recorded together: those of an organization that end while others of it are written join the next. */
@Injectable()
export class OutcomesService {
  /** Outcomes that the database would not have: they did leave, and end as unknown. */
  readonly unstorable = new Set<string>();
  private readonly queue = new KeyedQueue<Settling>(
    (organizationId, group) => this.flush(organizationId, group),
    (queue) => Math.min(queue.length, MOST_AT_ONCE),
  );
  private readonly listeners: ((dueAt: Date) => void)[] = [];

  constructor(
    private readonly database: DatabaseService,
    private readonly recorder: RecorderService,
    private readonly turnstile: Turnstile,
    private readonly log: Log,
  ) {}

  /** Hears when something is to be tried again. */
  onReturned(listener: (dueAt: Date) => void): void {
    this.listeners.push(listener);
  }

  /** Resolves once it is committed, however long the database is away. */
  settle(departure: Departure, outcome: SendOutcome): Promise<void> {
    const { organizationId, activityId, attempt } = departure;
    const now = new Date();
    if (outcome.kind !== 'NOT_SENT')
      return this.enqueue(organizationId, activityId, {
        draft: outcomeDraft(departure, outcome, now),
        unstorable: outcomeDraft(departure, NOT_STORABLE, now),
      });
    if (attempt >= MOST_ATTEMPTS) {
      const error = { code: 'NOT_SENT', message: outcome.reason };
      return this.enqueue(organizationId, activityId, {
        draft: ownDraft(departure, { step: 'given-up', status: 'FAILED', at: now, error }),
      });
    }
    const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(PAUSE_MS(attempt), outcome.retryAfterMs ?? 0));
    return this.return(departure, new Date(now.getTime() + pauseMs));
  }

  /** What was certainly not sent by this attempt waits again. */
  return(
    { organizationId, activityId, attempt }: Pick<Departure, 'organizationId' | 'activityId' | 'attempt'>,
    dueAt: Date,
  ): Promise<void> {
    return this.enqueue(organizationId, activityId, { returned: { activityId, dueAt, attempt } });
  }

  /** What somebody had begun who is gone: nobody knows how it ended. */
  lose(item: LostItem): Promise<void> {
    const reason = item.isRestored
      ? 'a backup was restored, and it may have left after that was made'
      : 'the process that sent it ended before it had an answer';
    return this.enqueue(item.organizationId, item.activityId, { draft: outcomeDraft(item, { kind: 'UNKNOWN', reason }, new Date()) });
  }

  private enqueue(organizationId: string, activityId: string, end: Settling['end']): Promise<void> {
    return new Promise((done) => this.queue.push(organizationId, { activityId, end, done }));
  }

  private async flush(organizationId: string, group: readonly Settling[]): Promise<void> {
    for (;;) {
      try {
        await this.turnstile.pass(organizationId, async (isHeld) => {
          // Outside of a transaction it is let go at once: whether it may be had is all that is asked.
          if (isHeld) await lockHead(this.database.prisma, organizationId, true);
          await this.write(organizationId, group);
        });
        break;
      } catch (error) {
        if (isDataError(error) || isFault(error)) return this.flushEach(organizationId, group, error);
        this.log.warn('send.outcome_not_stored', { organizationId, outcomes: group.length, reason: reasonOf(error) });
        await sleep(DATABASE_PAUSE_MS, undefined, { ref: false });
      }
    }
    for (const { done, end } of group) {
      done();
      if ('returned' in end) for (const listener of this.listeners) listener(end.returned.dueAt);
    }
  }

  /** One that the database refuses must not keep its neighbours. */
  private async flushEach(organizationId: string, group: readonly Settling[], cause: unknown): Promise<void> {
    const [one, ...others] = group as [Settling, ...Settling[]];
    if (others.length) {
      for (const each of group) await this.flush(organizationId, [each]);
      return;
    }
    const { activityId, end, done } = one;
    this.log.error('send.outcome_not_storable', cause, { activityId });
    if ('draft' in end && end.unstorable) return this.flush(organizationId, [{ ...one, end: { draft: end.unstorable } }]);
    this.unstorable.add(activityId);
    done();
  }

  private async write(organizationId: string, group: readonly Settling[]): Promise<void> {
    const ended = group.flatMap(({ activityId, end }) => ('draft' in end ? [{ activityId, draft: end.draft }] : []));
    const returned = group.flatMap(({ end }) => ('returned' in end ? [end.returned] : []));
    if (ended.length)
      await this.recorder.record(
        ended.map(({ draft }) => draft),
        (outcomes) => {
          // Of what was erased meanwhile no provider's id is kept: its list would bring it back, were its attempt not still open.
          const isLost = ({ draft }: (typeof ended)[number], i: number) =>
            draft.draft.event.status === 'UNKNOWN' || 'erased' in outcomes[i]!;
          const lost = ended.filter(isLost).map(({ activityId }) => activityId);
          const known = ended.filter((one, i) => !isLost(one, i)).map(({ activityId }) => activityId);
          return { ...(known.length && { ended: endItems(known) }), ...(lost.length && { lost: loseItems(lost) }) };
        },
      );
    if (returned.length)
      await this.recorder.recordDecided(organizationId, () =>
        Promise.resolve({ drafts: [], alongside: () => ({ returned: returnItems(returned) }), result: undefined }),
      );
  }
}
