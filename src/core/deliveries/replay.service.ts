import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Delivery } from '../../generated/prisma/client.js';
import { badInput } from '../../platform/errors/coded-error.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { LOWEST_ID } from '../../platform/database/new-id.service.js';
import { oneAtATime } from '../../platform/jobs/one-at-a-time.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { Log } from '../../platform/logging/log.service.js';
import { type Actor } from '../access/actor.js';
import { SendersService } from '../organizations/senders.service.js';
import { type DeliveryFilterInput } from './delivery.model.js';
import { IngestService } from './ingest.service.js';
import { KeptBodies } from './kept-bodies.service.js';
import { LedgerService, verifiedOf } from './ledger.service.js';
import { resolvableOf, type ResolvablePage } from './resolvable.sql.js';

const SWEEP_EVERY_MS = 60_000;
/** 150,000 that wait for ten things each take ten. */
const LONGEST_SWEEP_MS = 10_000;
const SWEEP_PAGE = 5_000;
/** A long replay says how far it is each so many deliveries. */
const SAID_EVERY = 1_000;
/** The states in which a delivery may wait for something. */
const WAITING = ['UNROUTED', 'PARTIAL', 'UNMATCHED'] as const;
/** A mutation that made a sender waits so long for its backlog; the rest goes on behind it. */
const WAIT_MS = 3_000;

/** Runs kept deliveries through again: when asked, when a sender appears for what waited, and now and then what would now resolve. */
@Injectable()
export class ReplayService implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private readonly sweptTo = new Map<string, string>();
  private stopping = false;

  constructor(
    private readonly database: DatabaseService,
    private readonly ledger: LedgerService,
    private readonly kept: KeptBodies,
    private readonly ingest: IngestService,
    private readonly senders: SendersService,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.senders.onCreated((address) => this.replayWaiting(address));
    this.ingest.onReference((name) => void this.replayWaiting(name));
    this.timer = setInterval(() => void this.sweep(), SWEEP_EVERY_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    this.stopping = true;
    clearInterval(this.timer);
  }

  /** Harmless if it was processed. Throws NOT_FOUND, or BAD_USER_INPUT for one that was refused: nothing of it is kept. */
  async replay(actor: Actor, id: string): Promise<Delivery> {
    const kept = await this.ledger.one(actor, id);
    if (kept.state === 'REJECTED')
      throw badInput('id', 'id is of a delivery that was refused: it was not verified, and nothing of it was kept.');
    if (kept.erasedAt) throw badInput('id', 'id is of a delivery that named somebody who was erased: nothing of it was kept.');
    await this.ingest.record(verifiedOf(kept));
    return this.ledger.one(actor, id);
  }

  /**
   * Of all that the filter names, oldest first, and not of what comes meanwhile; how many were run. Those refused, and of somebody who was erased, are
   * not among them: nothing of them was kept. Throws BAD_USER_INPUT for a filter that names nothing.
   */
  async replayAllOf(actor: Actor, filter: DeliveryFilterInput): Promise<number> {
    const startedAt = new Date();
    const where = this.ledger.conditionsOf(actor, filter);
    if (!Object.values(filter).some((condition) => condition != null))
      throw badInput('filter', 'filter must name at least one condition: to run all through again, name all states.');
    const say = (deliveries: number) => this.log.info('delivery.replayed', { deliveries, durationMs: Date.now() - startedAt.getTime() });
    let [done, said] = [0, 0];
    const all = { AND: [where, { state: { not: 'REJECTED' as const }, erasedAt: null, receivedAt: { lte: startedAt } }] };
    for await (const group of this.kept.oldestFirst(all)) {
      if (this.stopping) break;
      await this.recordAll(group);
      done += group.length;
      if (done - said < SAID_EVERY) continue;
      say(done);
      said = done;
    }
    say(done);
    return done;
  }

  /** What waits for an address or a reference, oldest first. */
  private async replayWaiting(name: string): Promise<void> {
    const all = this.replayAll(name).catch((error: unknown) => this.log.error('delivery.replay_failed', error));
    await Promise.race([all, new Promise((done) => setTimeout(done, WAIT_MS).unref())]);
  }

  private async replayAll(name: string): Promise<void> {
    for await (const group of this.kept.oldestFirst({ state: { in: [...WAITING] }, waitsFor: { has: name }, erasedAt: null })) {
      if (this.stopping) return;
      await this.recordAll(group);
    }
  }

  private async recordAll(group: readonly Delivery[]): Promise<void> {
    await Promise.all(group.map((kept) => this.ingest.record(verifiedOf(kept))));
  }

  /**
   * Whoever was interrupted between a sender's commit and its replay left this behind, and what another process recorded. Some wait for what never
   * comes, and there may be many of them: where a sweep takes too long the next goes on in its place.
   */
  private readonly sweep = oneAtATime(async () => {
    const until = Date.now() + LONGEST_SWEEP_MS;
    const done = new Set<string>();
    try {
      for (const state of WAITING) {
        while (!this.stopping && Date.now() < until && !(await this.sweepPage(state, done)));
      }
    } catch (error) {
      if (!this.stopping) this.log.warn('delivery.sweep_failed', { reason: reasonOf(error) });
    }
  });

  /** Whether it was the last of that state: the next begins anew. `done`: what was replayed in this sweep. */
  private async sweepPage(state: (typeof WAITING)[number], done: Set<string>): Promise<boolean> {
    const [page] = await this.database.prisma.$queryRaw<[ResolvablePage]>(
      resolvableOf(state, this.sweptTo.get(state) ?? LOWEST_ID, SWEEP_PAGE),
    );
    for (const name of page.names.filter((one) => !done.has(one))) await this.replayAll(name);
    for (const name of page.names) done.add(name);
    this.sweptTo.set(state, page.last ?? LOWEST_ID);
    return page.last === null;
  }
}
