import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { JobsService } from '../../platform/jobs/jobs.service.js';
import { isGone } from '../../platform/jobs/worker-watch.service.js';
import { newestSender, noteReconciled } from '../organizations/reconciled-senders.sql.js';
import { type AccountList } from './listed-accounts.service.js';
import {
  claimPosition,
  type ClaimedPosition,
  ensurePositions,
  type ListName,
  lookForDueLists,
  movePosition,
  releasePosition,
} from './positions.sql.js';

/** How far each list was compared, and who compares it now: one process at a time. */
@Injectable()
export class PositionsService {
  constructor(
    private readonly database: DatabaseService,
    private readonly jobs: JobsService,
  ) {}

  /** The time by the database's clock. */
  async now(): Promise<Date> {
    const [{ now }] = await this.database.prisma.$queryRaw<[{ now: Date }]>`select now() as now`;
    return now;
  }

  /** Those whose time has come. `again`: all of them are due now, whenever they were compared. */
  async due(lists: readonly AccountList[], again: boolean): Promise<readonly AccountList[]> {
    if (!lists.length) return [];
    await this.database.prisma.$executeRaw(ensurePositions(lists, again));
    const due = await this.database.prisma.$queryRaw<ListName[]>(lookForDueLists(lists));
    return due.flatMap((name) => lists.find((list) => isSame(list, name)) ?? []);
  }

  /** Undefined where another is at it. */
  async claim({ list, servesOnly, ...name }: AccountList): Promise<ClaimedPosition | undefined> {
    const newest = newestSender(name.provider, list.channels, servesOnly);
    const [claimed] = await this.database.prisma.$queryRaw<ClaimedPosition[]>(claimPosition(name, this.jobs.processName, isGone, newest));
    return claimed;
  }

  async move(list: ListName, until: Date): Promise<void> {
    await this.database.prisma.$executeRaw(movePosition(list, until));
  }

  /** `lookedBackAt`: when what is done now began, if it went far back. */
  async release(list: ListName, inMs: number, lookedBackAt: Date | null): Promise<void> {
    await this.database.prisma.$executeRaw(releasePosition(list, this.jobs.processName, inMs, lookedBackAt));
  }

  /** Tells the senders of a list how far all accounts that serve them were compared. */
  async tellSenders({ provider, channel, list }: AccountList, lists: readonly AccountList[]): Promise<void> {
    const serving = lists.filter((other) => other.provider === provider && other.channel === channel);
    const rows = await this.database.prisma.reconciliation.findMany({
      where: { provider, channel, accountId: { in: serving.map(({ accountId }) => accountId) } },
      select: { accountId: true, until: true },
    });
    const compared = serving.map(({ accountId, servesOnly }) => ({
      organizationId: servesOnly ?? null,
      until: rows.find((row) => row.accountId === accountId)?.until ?? null,
    }));
    await this.database.prisma.$executeRaw(noteReconciled(provider, list.channels, compared));
  }
}

function isSame(a: ListName, b: ListName): boolean {
  return a.provider === b.provider && a.accountId === b.accountId && a.channel === b.channel;
}
