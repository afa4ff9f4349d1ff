import { type BeforeApplicationShutdown, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { isDataError, isLockTimeout, isSerializationFailure, isUniqueViolation, sqlStateOf } from '../../platform/database/sql-state.js';
import { isFault } from '../../platform/errors/is-fault.js';
import { Log } from '../../platform/logging/log.service.js';
import { type NormalizedDelivery } from '../adapters/channel-adapter.js';
import { type VerifiedDelivery } from '../adapters/delivery.js';
import { Origin } from '../adapters/origin.js';
import { RecorderService } from '../activities/recorder.service.js';
import { type Outcome } from '../activities/outcome.js';
import { type SourcedDraft } from '../activities/sourced-draft.js';
import { AttachmentsService } from '../attachments/attachments.service.js';
import { storageUnavailable } from './deliveries.errors.js';
import { type DeliveryVerdict, failed, judge } from './delivery-state.js';
import { type JudgedDelivery, writeDeliveries } from './write-deliveries.sql.js';

/** A delivery, understood as far as could be, on its way into the ledger. */
export interface Entry {
  readonly delivery: VerifiedDelivery;
  readonly normalized: NormalizedDelivery;
}

interface Waiting extends Entry {
  readonly done: (verdict: DeliveryVerdict) => void;
  readonly refused: (error: Error) => void;
}

type Lane = 'main' | 'patient';

/** What was tried already with a group. */
interface Tried {
  /** Times it was retried whole. */
  readonly whole: number;
  /** Whether it waited for a lock in vain: what is still locked is passed over then. */
  readonly waited: boolean;
}
const NOTHING_TRIED: Tried = { whole: 0, waited: false };

/** A group's bounds: what does not fit joins the next; a large mail commits alone. */
const MOST_ROWS = 256;
const MOST_BYTES = 8 << 20;
const MOST_RETRIES = 3;
/** A stop waits so long for what was accepted; the requests behind it are waited for after that. */
const STOP_PATIENCE_MS = 10_000;
/** After a lock timeout organizations held by others are passed over for so long, so that one of them does not stop the rest. */
const CAUTIOUS_MS = 10_000;

/**
 * One transaction for all deliveries that arrived together. One lane, flushed on the tick and without a timer: what arrives
 * during a commit joins the next. A second lane waits for the organizations that the first found locked.
 */
@Injectable()
export class GroupCommitService implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly main: Waiting[] = [];
  private readonly patient: Waiting[] = [];
  private running = { main: false, patient: false };
  private cautiousUntil = 0;
  private stopsAt = 0;

  constructor(
    private readonly database: DatabaseService,
    private readonly recorder: RecorderService,
    private readonly attachments: AttachmentsService,
    private readonly log: Log,
  ) {}

  /** Resolves once it is committed. Throws Unavailable where it could not be, and nothing of it was stored. */
  commit(entry: Entry): Promise<DeliveryVerdict> {
    return new Promise((done, refused) => {
      this.main.push({ ...entry, done, refused });
      if (!this.running.main) {
        this.running.main = true;
        setImmediate(() => void this.run('main'));
      }
    });
  }

  onModuleDestroy(): void {
    this.stopsAt = Date.now() + STOP_PATIENCE_MS;
  }

  /** What was accepted is committed before the database is let go. */
  async beforeApplicationShutdown(): Promise<void> {
    while ((this.running.main || this.running.patient) && Date.now() < this.stopsAt) await new Promise((done) => setTimeout(done, 5));
  }

  private async run(lane: Lane): Promise<void> {
    const queue = this[lane];
    this.running[lane] = true;
    while (queue.length) await this.flush(takeGroup(queue), lane);
    this.running[lane] = false;
  }

  private async flush(group: readonly Waiting[], lane: Lane, tried: Tried = NOTHING_TRIED): Promise<void> {
    const skipLocked = tried.waited || (lane === 'main' && Date.now() < this.cautiousUntil);
    try {
      this.settle(group, await this.write(group, skipLocked), lane);
    } catch (error) {
      const again = (more: Partial<Tried>) => this.flush(group, lane, { ...tried, ...more });
      if ((isSerializationFailure(error) || isUniqueViolation(error)) && tried.whole < MOST_RETRIES)
        return again({ whole: tried.whole + 1 });
      if (isLockTimeout(error) && !tried.waited) {
        if (lane === 'main') this.cautiousUntil = Date.now() + CAUTIOUS_MS;
        return again({ waited: true });
      }
      if (!isDataError(error) && !isFault(error)) return this.refuse(group, error);
      // Each stands alone once: the neighbours of a bad one are retried once, and no more.
      if (group.length > 1) for (const one of group) await this.flush([one], lane, tried);
      else await this.keepFailed(group[0]!, error);
    }
  }

  private async write(group: readonly Waiting[], skipLocked: boolean): Promise<readonly (DeliveryVerdict | undefined)[]> {
    const drafts = group.flatMap(itemsOf);
    let verdicts: readonly (DeliveryVerdict | undefined)[] = [];
    await this.recorder.record(
      drafts,
      (outcomes) => {
        verdicts = verdictsOf(group, outcomes);
        const judged = group.flatMap(({ delivery }, i): JudgedDelivery[] => (verdicts[i] ? [{ delivery, verdict: verdicts[i] }] : []));
        return { ...(judged.length && { deliveries: writeDeliveries(judged) }), ...this.attachments.alongside(drafts, outcomes) };
      },
      skipLocked,
    );
    return verdicts;
  }

  /** Those without a verdict belong to an organization that another holds: a second try waits for it, and there is no third. */
  private settle(group: readonly Waiting[], verdicts: readonly (DeliveryVerdict | undefined)[], lane: Lane): void {
    const locked = group.filter((waiting, i) => {
      const verdict = verdicts[i];
      if (verdict) waiting.done(verdict);
      return !verdict;
    });
    if (!locked.length) return;
    if (lane === 'patient') return this.refuse(locked, new Error('the organization was locked by another, twice'));
    this.patient.push(...locked);
    if (!this.running.patient) void this.run('patient');
  }

  private refuse(group: readonly Waiting[], error: unknown): void {
    this.log.error('delivery.not_stored', error, { deliveries: group.length, sqlState: sqlStateOf(error) });
    for (const waiting of group) waiting.refused(storageUnavailable());
  }

  /** Signed, and not to be recorded as it is: its bytes are kept, so that it is not said again for ever. */
  private async keepFailed(waiting: Waiting, cause: unknown): Promise<void> {
    const { delivery } = waiting;
    this.log.error('delivery.not_recordable', cause, { deliveryId: delivery.id, sqlState: sqlStateOf(cause) });
    const verdict = failed(
      isFault(cause)
        ? 'It could not be recorded, by a fault of ours that was logged.'
        : `The database refused what it says (SQLSTATE ${sqlStateOf(cause) ?? 'unknown'}).`,
    );
    try {
      await this.database.prisma.$executeRaw(writeDeliveries([{ delivery, verdict }]));
      waiting.done(verdict);
    } catch (error) {
      this.refuse([waiting], error);
    }
  }
}

/** The same delivery twice, as two replays at once would have it, goes into two groups: one statement cannot write a row twice. */
function takeGroup(queue: Waiting[]): Waiting[] {
  const ids = new Set<string>();
  let bytes = 0;
  while (ids.size < queue.length && ids.size < MOST_ROWS) {
    const { id, body } = queue[ids.size]!.delivery;
    bytes += body.length;
    if (ids.has(id) || (ids.size > 0 && bytes > MOST_BYTES)) break;
    ids.add(id);
  }
  return queue.splice(0, ids.size);
}

/** A delivery's drafts, and after them its links. */
function itemsOf({ delivery, normalized: { drafts, links = [] } }: Entry): SourcedDraft[] {
  const { provider, accountId, servesOnly, receivedAt, id } = delivery;
  const source = { provider, accountId, servesOnly, receivedAt, deliveryId: id, origin: Origin.WEBHOOK };
  return [
    ...drafts.map((draft) => ({ draft, ...source })),
    ...links.map(({ channel, ours, identities }) => ({ draft: { ...NO_ACTIVITY, channel, ours }, link: identities, ...source })),
  ];
}

/** What a link has for a draft, beside its addresses. */
const NO_ACTIVITY = {
  index: 0,
  externalId: null,
  facts: {},
  event: { key: '', kind: 'STATUS', status: null, occurredAt: null, error: null, metadata: {} },
  attachments: [],
} as const;

/** By delivery; undefined where one of its items is LOCKED, for then all are. */
function verdictsOf(group: readonly Entry[], outcomes: readonly Outcome[]): (DeliveryVerdict | undefined)[] {
  let at = 0;
  return group.map(({ normalized }) => {
    const mine = outcomes.slice(at, (at += normalized.drafts.length + (normalized.links?.length ?? 0)));
    return mine.some((outcome) => outcome.kind === 'LOCKED') ? undefined : judge(normalized, mine);
  });
}
