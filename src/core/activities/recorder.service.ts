import { Inject, Injectable } from '@nestjs/common';
import { type PubSubEngine } from 'graphql-subscriptions';
import { Prisma } from '../../generated/prisma/client.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { type Queries } from '../../platform/database/direct-queries.service.js';
import { newId } from '../../platform/database/new-id.service.js';
import { isSerializationFailure, isUniqueViolation } from '../../platform/database/sql-state.js';
import { together } from '../../platform/database/together.sql.js';
import { type KnownContacts } from '../contacts/known-contacts.js';
import { type Strangers } from '../contacts/strangers.js';
import { appendEvents } from '../feed/append-events.sql.js';
import { lockHead, takeSeqs } from '../feed/feed-head.sql.js';
import { FEED_NOTICES, type FeedNotice, PUB_SUB } from '../feed/pub-sub.js';
import { lockAddresses } from '../organizations/address-lock.sql.js';
import { OrganizationsConfig } from '../organizations/organizations.config.js';
import { type ActivityRow } from './activity-row.js';
import { joinContacts } from './join-contacts.sql.js';
import { type Known } from './known.js';
import { type Outcome } from './outcome.js';
import { newEventOf, type OwnEvent } from './own-event.js';
import { knownOf } from './read-known.sql.js';
import { RecordMemory } from './record-memory.js';
import { waitingOf } from './record-plan.js';
import { type Alongside, type Recorded, RecordingSteps } from './recording-steps.service.js';
import { type SourcedDraft } from './sourced-draft.js';
import { sameSeq } from './write-recording.sql.js';

/** What is to be recorded, as it was found right, and what to answer. */
export interface Decision<T> {
  readonly drafts: readonly SourcedDraft[];
  readonly alongside: Alongside;
  readonly result: T;
}

/** Of drafts that all make activities of their own: what was known when it was decided. */
export interface FreshDecision<T> extends Decision<T> {
  readonly contacts: KnownContacts;
  /** The seq of the organization's head in the snapshot that was looked at; undefined where nothing was. */
  readonly seq: number | undefined;
  /** What else must hold as it is written: an expression that raises a serialization failure where it does not. */
  readonly check?: Prisma.Sql;
}

/** How fresh activities are decided on. */
export interface FreshDecider<T> {
  /** By what is very likely so, and checked as it is written; undefined where that cannot be said. */
  guess(contacts: KnownContacts): FreshDecision<T> | undefined;
  /** By what the database has. */
  look(queries: Queries): Promise<FreshDecision<T>>;
}

/** Undoes a transaction that has nothing to tell. */
class NothingToTell extends Error {}

/** Longer than any wait inside it: `lock_timeout` is the one that speaks. */
const TRANSACTION = { maxWait: 5_000, timeout: 30_000 };

/** The only writer of activities, whoever causes the change. docs/decisions/0004 says why it tries without a lock first. */
@Injectable()
export class RecorderService {
  private readonly memory = new RecordMemory();

  constructor(
    private readonly database: DatabaseService,
    private readonly steps: RecordingSteps,
    private readonly organizations: OrganizationsConfig,
    @Inject(PUB_SUB) private readonly pubSub: PubSubEngine,
  ) {
    database.onDoubt(() => this.memory.forget());
  }

  /**
   * Records drafts in one transaction and publishes what is new after it. `skipLocked`: an organization that another holds is
   * not waited for; its drafts, and all of their deliveries, come back LOCKED with nothing written of them.
   */
  async record(drafts: readonly SourcedDraft[], alongside: Alongside, skipLocked = false): Promise<readonly Outcome[]> {
    const recorded =
      (skipLocked ? undefined : await this.recordAtOnce(drafts, alongside)) ?? (await this.recordLocked(drafts, alongside, skipLocked));
    for (const notice of recorded.notices) void this.pubSub.publish(FEED_NOTICES, notice);
    return recorded.outcomes;
  }

  /**
   * Locks the organization, lets `decide` look, and records what it wants in the same transaction; publishes what is new after it. `isHeld`: another held it
   * a moment ago. Throws StillHeld where it does so yet.
   */
  async recordDecided<T>(organizationId: string, decide: (queries: Queries) => Promise<Decision<T>>, isHeld = false): Promise<T> {
    const recorded = await this.database.prisma.$transaction(async (tx) => {
      await lockHead(tx, organizationId, isHeld);
      const { drafts, alongside, result } = await decide(tx);
      return { ...(await this.recordIn(tx, drafts, alongside, async () => this.steps.read(tx, drafts, undefined))), result };
    }, TRANSACTION);
    for (const notice of recorded.notices) void this.pubSub.publish(FEED_NOTICES, notice);
    return recorded.result;
  }

  /** The same in the transaction of somebody who holds the organizations' heads, and who publishes what is new once that is committed. */
  async recordWithin(tx: Prisma.TransactionClient, drafts: readonly SourcedDraft[], alongside: Alongside): Promise<readonly FeedNotice[]> {
    return (await this.recordIn(tx, drafts, alongside, () => this.steps.read(tx, drafts, undefined))).notices;
  }

  /**
   * The same for drafts that all make activities of their own, which are returned as they were made. Tries without the lock first: by a guess, then by
   * a look in one snapshot; what is wanted is written only where nothing of the organization was written since. `isHeld`: another held it a
   * moment ago. Throws StillHeld where it does so yet.
   */
  async recordFresh<T>(
    organizationId: string,
    decider: FreshDecider<T>,
    isHeld: boolean,
  ): Promise<{ readonly result: T; readonly made: ReadonlyMap<string, ActivityRow> }> {
    const recorded =
      (isHeld ? undefined : await this.recordFreshAtOnce(decider)) ??
      (await this.database.prisma.$transaction(async (tx) => {
        await lockHead(tx, organizationId, isHeld);
        return this.writeFresh(tx, await decider.look(tx), false);
      }, TRANSACTION));
    this.memory.learnContacts(recorded!.contacts);
    for (const notice of recorded!.notices) void this.pubSub.publish(FEED_NOTICES, notice);
    return recorded!;
  }

  /** Undefined where what was decided did not hold. */
  private async recordFreshAtOnce<T>(decider: FreshDecider<T>) {
    const guessed = decider.guess(this.memory.contacts);
    const { direct } = this.database;
    return (guessed && (await this.writeFresh(direct, guessed, true))) ?? this.writeFresh(direct, await decider.look(direct), true);
  }

  /** Undefined where `unlocked` what was decided did not hold. */
  private async writeFresh<T>(client: Queries, decision: FreshDecision<T>, unlocked: boolean) {
    const { drafts, alongside, result, seq, contacts, check } = decision;
    const plan = await this.steps.decide(client, drafts, { ...knownOf(undefined, undefined, undefined), contacts });
    const standing = sameSeq(plan, seq);
    try {
      const standsOn = unlocked ? Prisma.sql`${standing} and ${check ?? Prisma.sql`true`}` : undefined;
      const { notices, bases } = await this.steps.write(client, plan, alongside, standsOn);
      const made = plan.created.map(({ row }) => ({ ...row, createdSeq: bases.get(row.organizationId)! + row.createdSeq }));
      return { result, notices, contacts: plan.contacts, made: new Map(made.map((row) => [row.id, row])) };
    } catch (error) {
      if (unlocked && (isSerializationFailure(error) || isUniqueViolation(error))) return undefined;
      throw error;
    }
  }

  /**
   * Records one event that we bring about ourselves, of an activity that is there, and publishes it. `settle`, under the organization's
   * lock, writes what the event tells of; where it returns false, or the activity was erased, nothing is written and the answer is false.
   */
  async recordOwn(event: OwnEvent, settle: (tx: Prisma.TransactionClient) => Promise<boolean>): Promise<boolean> {
    const { organizationId, activityId } = event;
    const notice = await this.database.prisma
      .$transaction(async (tx): Promise<FeedNotice> => {
        await lockHead(tx, organizationId, false);
        const now = new Date();
        const { count } = await tx.activity.updateMany({
          where: { id: activityId, organizationId, erasedAt: null },
          data: { revision: { increment: 1 }, updatedAt: now },
        });
        if (!count || !(await settle(tx))) throw new NothingToTell();
        const [{ base }] = await tx.$queryRaw<[{ base: bigint }]>(
          together(
            { head: takeSeqs([{ organizationId, count: 1 }]), events: appendEvents([newEventOf(event, newId(), now)]) },
            Prisma.sql`select base from head`,
          ),
        );
        return { organizationId, last: Number(base) + 1 };
      }, TRANSACTION)
      .catch((error: unknown) => {
        if (error instanceof NothingToTell) return undefined;
        throw error;
      });
    if (notice) void this.pubSub.publish(FEED_NOTICES, notice);
    return notice !== undefined;
  }

  /**
   * Reads without a lock (or guesses), decides, and writes in one statement that checks what it stands on: no provider's id known by
   * now, no activity changed since. Undefined where that did not hold, or where a lock is needed: nothing was written then.
   */
  private async recordAtOnce(drafts: readonly SourcedDraft[], alongside: Alongside): Promise<Recorded | undefined> {
    const guessed = this.memory.guess(drafts, this.organizations.DEFAULT_ORGANIZATION);
    if (guessed) {
      const recorded = await this.tryWith(guessed, drafts, alongside, this.memory.strangers);
      if (recorded) return recorded;
      this.memory.strangers.mistaken();
    }
    return this.tryWith(await this.steps.read(this.database.direct, drafts, undefined), drafts, alongside);
  }

  private async tryWith(
    known: Known,
    drafts: readonly SourcedDraft[],
    alongside: Alongside,
    strangers?: Strangers,
  ): Promise<Recorded | undefined> {
    const plan = await this.steps.decide(this.database.direct, drafts, known, strangers);
    if (waitingOf(plan).length || plan.contacts.joins.length) return undefined;
    try {
      const recorded = await this.steps.write(this.database.direct, plan, alongside);
      this.memory.learn(drafts, known, plan);
      return recorded;
    } catch (error) {
      if (isSerializationFailure(error) || isUniqueViolation(error)) return undefined;
      throw error;
    }
  }

  /** Locks first, reads in a later statement: one that locks and reads sees the snapshot from before its wait. */
  private recordLocked(drafts: readonly SourcedDraft[], alongside: Alongside, skipLocked: boolean): Promise<Recorded> {
    return this.database.prisma.$transaction(
      (tx) => this.recordIn(tx, drafts, alongside, async () => this.steps.read(tx, drafts, await this.steps.lock(tx, drafts, skipLocked))),
      TRANSACTION,
    );
  }

  private async recordIn(
    tx: Prisma.TransactionClient,
    drafts: readonly SourcedDraft[],
    alongside: Alongside,
    read: () => Promise<Known>,
  ): Promise<Recorded> {
    const decide = async () => this.steps.decide(tx, drafts, await read());
    let plan = await decide();
    const waitsFor = waitingOf(plan);
    if (waitsFor.length) {
      // Somebody may claim the address right now: whoever commits second must see the other.
      await lockAddresses(tx, waitsFor);
      plan = await decide();
    }
    const joined: FeedNotice[] = [];
    while (plan.contacts.joins.length) {
      joined.push(await joinContacts(tx, plan.contacts.joins[0]!));
      plan = await decide();
    }
    const { outcomes, notices } = await this.steps.write(tx, plan, alongside);
    return { outcomes, notices: [...joined, ...notices] };
  }
}
