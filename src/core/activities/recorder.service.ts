import { Inject, Injectable } from '@nestjs/common';
import { type PubSubEngine } from 'graphql-subscriptions';
import { v7 as uuid } from 'uuid';
import { type Prisma } from '../../generated/prisma/client.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { together } from '../../platform/database/together.sql.js';
import { appendEvents } from '../feed/append-events.sql.js';
import { advanceHeads, type FeedHead, lockHeads } from '../feed/feed-head.sql.js';
import { FEED_NOTICES, PUB_SUB } from '../feed/pub-sub.js';
import { lockAddresses } from '../organizations/address-lock.sql.js';
import { OrganizationsConfig } from '../organizations/organizations.config.js';
import { knownOf, type KnownJson, organizationsOf, readKnown } from './read-known.sql.js';
import { type Outcome, planRecording, type RecordPlan, type SourcedDraft } from './record-plan.js';
import { writeActivities, writeReferences } from './write-activities.sql.js';

/** Statements of other rooms that commit with the recording, made of what became of each draft. */
export type Alongside = (outcomes: readonly Outcome[]) => readonly Prisma.Sql[];

/** Longer than any wait inside it: `lock_timeout` is the one that speaks. */
const TRANSACTION = { maxWait: 5_000, timeout: 30_000 };

/** The only writer of activities, whoever causes the change. */
@Injectable()
export class RecorderService {
  constructor(
    private readonly database: DatabaseService,
    private readonly organizations: OrganizationsConfig,
    @Inject(PUB_SUB) private readonly pubSub: PubSubEngine,
  ) {}

  /**
   * Records drafts in one transaction and publishes what is new after it. `skipLocked`: an organization that another holds is
   * not waited for; its drafts, and all of their deliveries, come back LOCKED with nothing written of them.
   */
  async record(drafts: readonly SourcedDraft[], alongside: Alongside, skipLocked = false): Promise<readonly Outcome[]> {
    const plan = await this.database.prisma.$transaction((tx) => this.transact(tx, drafts, alongside, skipLocked), TRANSACTION);
    for (const range of plan.ranges) void this.pubSub.publish(FEED_NOTICES, range);
    return plan.outcomes;
  }

  private async transact(
    tx: Prisma.TransactionClient,
    drafts: readonly SourcedDraft[],
    alongside: Alongside,
    skipLocked: boolean,
  ): Promise<RecordPlan> {
    let plan = await this.plan(tx, drafts, skipLocked);
    const waitsFor = waitingOf(plan);
    if (waitsFor.length) {
      // Somebody may claim the address right now: whoever commits second must see the other.
      await lockAddresses(tx, waitsFor);
      plan = await this.plan(tx, drafts, true);
    }
    const writes = [
      ...(plan.events.length ? [appendEvents(plan.events), writeActivities(plan.activities), advanceHeads(plan.heads)] : []),
      ...(plan.references.length ? [writeReferences(plan.references)] : []),
      ...alongside(plan.outcomes),
    ];
    if (writes.length) await tx.$executeRaw(together(writes));
    return plan;
  }

  /** Locks first, reads in a later statement: one that locks and reads sees the snapshot from before its wait. */
  private async plan(tx: Prisma.TransactionClient, drafts: readonly SourcedDraft[], skipLocked: boolean): Promise<RecordPlan> {
    const { DEFAULT_ORGANIZATION } = this.organizations;
    if (!drafts.length) return planRecording([], EMPTY, uuid, new Date());
    const rows = await tx.$queryRaw<FeedHead[]>(lockHeads(organizationsOf(drafts, DEFAULT_ORGANIZATION), skipLocked));
    const [{ known }] = await tx.$queryRaw<[{ known: KnownJson }]>(readKnown(drafts));
    const heads = new Map(rows.map((row) => [row.organization_id, Number(row.seq)]));
    return planRecording(drafts, knownOf(known, heads, DEFAULT_ORGANIZATION), uuid, new Date());
  }
}

const EMPTY = {
  references: new Map(),
  senders: new Map(),
  activities: new Map(),
  eventKeys: new Set<string>(),
  heads: new Map(),
  defaultOrganization: undefined,
};

function waitingOf(plan: RecordPlan): string[] {
  return [...new Set(plan.outcomes.flatMap((outcome) => (outcome.kind === 'UNROUTED' ? outcome.waitsFor : [])))];
}
