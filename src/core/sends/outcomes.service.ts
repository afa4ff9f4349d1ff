import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDataError } from '../../platform/database/sql-state.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { Log } from '../../platform/logging/log.service.js';
import { type SourcedDraft } from '../activities/record-plan.js';
import { RecorderService } from '../activities/recorder.service.js';
import { type SendOutcome } from '../adapters/outbound.js';
import { type Departure } from './departure.js';
import { type LostItem } from './due-items.sql.js';
import { outcomeDraft, ownDraft } from './own-draft.js';
import { Turnstile } from './turnstile.service.js';
import { endItems, loseItems, type Postponed, postponeItems } from './write-sends.sql.js';

/** Of those that certainly were not sent, the pause before the nth try more, and how often before they are given up. */
const PAUSE_MS = (attempt: number): number => Math.min(1_000 * 2 ** (attempt - 1), 5 * 60_000);
const MOST_ATTEMPTS = 20;
/** While the database is away an outcome is kept in mind: lost, it would be UNKNOWN. */
const DATABASE_PAUSE_MS = 500;

interface Settling {
  readonly organizationId: string;
  readonly activityId: string;
  readonly draft: SourcedDraft | undefined;
  readonly postponed: Postponed | undefined;
  readonly done: () => void;
}

/** What became of attempts, recorded together: those that end while others are written join the next. */
@Injectable()
export class OutcomesService {
  private readonly waiting: Settling[] = [];
  private readonly listeners: ((dueAt: Date) => void)[] = [];
  private running = false;

  constructor(
    private readonly recorder: RecorderService,
    private readonly turnstile: Turnstile,
    private readonly log: Log,
  ) {}

  /** Hears when something is to be tried again. */
  onPostponed(listener: (dueAt: Date) => void): void {
    this.listeners.push(listener);
  }

  /** Resolves once it is committed, however long the database is away. */
  settle(departure: Departure, outcome: SendOutcome): Promise<void> {
    const { organizationId, activityId, attempt } = departure;
    const now = new Date();
    const draft = outcomeDraft(departure, outcome, now);
    if (draft || outcome.kind !== 'NOT_SENT') return this.enqueue({ organizationId, activityId, draft, postponed: undefined });
    if (attempt >= MOST_ATTEMPTS) {
      const error = { code: 'NOT_SENT', message: outcome.reason };
      return this.enqueue({
        organizationId,
        activityId,
        draft: ownDraft(departure, { step: 'given-up', status: 'FAILED', at: now, error }),
        postponed: undefined,
      });
    }
    const dueAt = new Date(now.getTime() + Math.max(PAUSE_MS(attempt), outcome.retryAfterMs ?? 0));
    return this.enqueue({ organizationId, activityId, draft: undefined, postponed: { activityId, dueAt, paced: false } });
  }

  /** What a process that is gone had begun: nobody knows how it ended. */
  async lose(items: readonly LostItem[]): Promise<void> {
    const outcome = { kind: 'UNKNOWN', reason: 'the process that sent it ended before it had an answer' } as const;
    const now = new Date();
    await Promise.all(
      items.map((item) => {
        const { organizationId, activityId } = item;
        return this.enqueue({ organizationId, activityId, draft: outcomeDraft(item, outcome, now), postponed: undefined });
      }),
    );
  }

  private enqueue(settling: Omit<Settling, 'done'>): Promise<void> {
    return new Promise((done) => {
      this.waiting.push({ ...settling, done });
      if (this.running) return;
      this.running = true;
      setImmediate(() => void this.run());
    });
  }

  private async run(): Promise<void> {
    while (this.waiting.length) await this.flush(this.waiting.splice(0));
    this.running = false;
  }

  private async flush(group: readonly Settling[]): Promise<void> {
    for (;;) {
      try {
        await this.turnstile.pass(() => this.write(group));
        break;
      } catch (error) {
        if (isDataError(error)) return this.flushEach(group, error);
        this.log.warn('send.outcome_not_stored', { outcomes: group.length, reason: reasonOf(error) });
        await sleep(DATABASE_PAUSE_MS, undefined, { ref: false });
      }
    }
    for (const { done } of group) done();
    for (const { postponed } of group) if (postponed) for (const listener of this.listeners) listener(postponed.dueAt);
  }

  /** One that the database refuses must not keep its neighbours: it stays without an outcome, and ends as unknown. */
  private async flushEach(group: readonly Settling[], cause: unknown): Promise<void> {
    if (group.length > 1) for (const one of group) await this.flush([one]);
    else {
      this.log.error('send.outcome_not_storable', cause, { activityId: group[0]!.activityId });
      group[0]!.done();
    }
  }

  private async write(group: readonly Settling[]): Promise<void> {
    const ended = group.filter(({ draft }) => draft);
    const postponed = group.flatMap((one) => one.postponed ?? []);
    if (ended.length)
      await this.recorder.record(
        ended.map(({ draft }) => draft!),
        (outcomes) => {
          // Of what was erased meanwhile the provider's id is not kept: its list would bring it back.
          const isLost = ({ draft }: Settling, i: number) => draft!.draft.event.status === 'UNKNOWN' || 'erased' in outcomes[i]!;
          const lost = ended.filter(isLost).map(({ activityId }) => activityId);
          const known = ended.filter((one, i) => !isLost(one, i)).map(({ activityId }) => activityId);
          return { ...(known.length && { ended: endItems(known) }), ...(lost.length && { lost: loseItems(lost) }) };
        },
      );
    if (postponed.length) {
      const organizations = [...new Set(group.filter((one) => one.postponed).map(({ organizationId }) => organizationId))];
      await this.recorder.recordDecided(organizations, () =>
        Promise.resolve({ drafts: [], alongside: () => ({ postponed: postponeItems(postponed) }), result: undefined }),
      );
    }
  }
}
