import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { Log } from '../../platform/logging/log.service.js';
import { type ListedItem, type ListedPage } from '../adapters/provider-list.js';
import { AttachmentsService } from '../attachments/attachments.service.js';
import { addressName } from '../organizations/address-lock.sql.js';
import { OrganizationsConfig } from '../organizations/organizations.config.js';
import { type OpenAttempt, readOpenAttempts } from '../sends/open-attempts.sql.js';
import { type KnownItemsJson, readKnownItems } from './known-items.sql.js';
import { type ListPlan } from './list-windows.js';
import { type AccountList } from './listed-accounts.service.js';
import { ListedRecorder } from './listed-recorder.service.js';
import { matchAttempts, NEAR_MS } from './match-attempts.js';
import { PositionsService } from './positions.service.js';
import { ReconciliationConfig } from './reconciliation.config.js';
import { type KnownItems, mayBeOurs, senderOf, siftItems, valueOf } from './sift-items.js';

/** What changed so lately is left to its webhook, which is on its way: so long, or a part of the time between two comparisons. */
const YOUNG_MS = 60_000;
const YOUNG_PART = 1 / 5;
/** Attempts that nobody knows the end of are looked for so long, the newest first, and so many at a time. */
const LOOKED_FOR_MS = 24 * 60 * 60_000;
const MOST_LOOKED_FOR = 100;

/** What a comparison came to. */
export interface Compared {
  listed: number;
  /** Items that told anything new. */
  recovered: number;
  /** Attempts whose end is known now. */
  resolved: number;
}

/** Compares an account's list with what we have, and has recorded what is missing or stale. */
@Injectable()
export class ComparingService {
  constructor(
    private readonly database: DatabaseService,
    private readonly attachments: AttachmentsService,
    private readonly recorder: ListedRecorder,
    private readonly positions: PositionsService,
    private readonly organizations: OrganizationsConfig,
    private readonly config: ReconciliationConfig,
    private readonly log: Log,
  ) {}

  /** Moves the position behind what is recorded. Throws what the provider or the database said against it. */
  async compare(account: AccountList, { windows }: ListPlan, stop: AbortSignal): Promise<Compared> {
    const compared: Compared = { listed: 0, recovered: 0, resolved: 0 };
    for (const window of windows) {
      for await (const page of account.list.pages(account.accountId, window)) {
        compared.listed += page.items.length;
        compared.recovered += await this.take(account, page);
        stop.throwIfAborted();
      }
      await this.positions.move(account, window.reaches);
    }
    compared.resolved = await this.resolve(account, stop);
    return compared;
  }

  private async take(account: AccountList, { items, problems }: ListedPage): Promise<number> {
    for (const reason of problems) this.log.warn('reconciliation.not_understood', { ...nameOf(account), reason });
    const young = Date.now() - Math.min(YOUNG_MS, this.config.everyMs * YOUNG_PART);
    const settled = items.filter(({ events, changedAt }) => events.length && changedAt.getTime() <= young);
    if (!settled.length) return 0;
    const known = await this.knownOf(account, settled);
    // Read after the list: an attempt that made any of these was noted before.
    const open = mayBeOurs(settled, known) ? await this.openSince(account, oldestOf(settled)) : [];
    const kept = await this.withoutKnownFiles(siftItems(settled, known, open), known);
    const whole: ListedItem[] = [];
    for (const item of kept) whole.push(known.references.has(valueOf(item)!) ? item : await this.withFiles(account, item));
    return this.recorder.record(
      whole.map((item) => ({ item, sender: senderOf(item, known) })),
      account,
    );
  }

  /** Attempts whose answer was lost, where the list leaves no doubt which of its items they made. */
  private async resolve(account: AccountList, stop: AbortSignal): Promise<number> {
    const since = new Date(Date.now() - LOOKED_FOR_MS);
    const openNow = async () => (await this.openSince(account, since)).filter(({ channel }) => account.list.channels.includes(channel));
    const unknown = (await openNow()).filter(({ underWay, erased }) => !underWay && !erased).slice(-MOST_LOOKED_FOR);
    const asked = new Map<string, OpenAttempt>();
    for (const attempt of unknown) {
      const key = addressName(attempt.channel, attempt.agent ?? attempt.to);
      if (!asked.has(key)) asked.set(key, attempt);
    }
    let resolved = 0;
    for (const attempt of asked.values()) {
      const listed = await this.listedTo(account, attempt, stop);
      // After the list, and before what is known: whatever made one of its items is still open by the first, or told by the second.
      const open = await openNow();
      const { references } = await this.knownOf(account, listed);
      const unclaimed = listed.filter((item) => !references.has(valueOf(item) ?? ''));
      const matches = matchAttempts(open, unclaimed);
      await this.recorder.record(
        matches.map(({ attempt: { activityId, from }, item }) => ({ item, activityId, sender: from })),
        account,
      );
      resolved += matches.length;
    }
    return resolved;
  }

  /** What is listed to the person of an attempt since then. */
  private async listedTo(account: AccountList, attempt: OpenAttempt, stop: AbortSignal): Promise<readonly ListedItem[]> {
    const window = { from: new Date(attempt.attemptedAt.getTime() - NEAR_MS) };
    const listed: ListedItem[] = [];
    const to = { channel: attempt.channel, address: attempt.agent ?? attempt.to };
    for await (const { items } of account.list.pages(account.accountId, window, to)) {
      listed.push(...items);
      stop.throwIfAborted();
    }
    return listed;
  }

  private async knownOf({ provider, accountId }: AccountList, items: readonly ListedItem[]): Promise<KnownItems> {
    const values = items.flatMap((item) => [valueOf(item), item.about.parent]).filter((value) => value !== undefined);
    const names = items.flatMap(({ about: { channel, ours } }) => ours.map((address) => addressName(channel, address)));
    const [{ known }] = await this.database.prisma.$queryRaw<[{ known: KnownItemsJson }]>(
      readKnownItems(provider, accountId, [...new Set(values)], [...new Set(names)]),
    );
    return {
      references: new Map((known.references ?? []).map(({ value, ...reference }) => [value, reference])),
      senders: new Map((known.senders ?? []).map(({ name, organization_id }) => [name, organization_id])),
      takesAll: this.organizations.DEFAULT_ORGANIZATION !== undefined,
    };
  }

  private openSince({ provider, accountId }: AccountList, since: Date): Promise<OpenAttempt[]> {
    return this.database.prisma.$queryRaw<OpenAttempt[]>(readOpenAttempts(provider, accountId, new Date(since.getTime() - NEAR_MS)));
  }

  /** A recording may have been named by the call's own webhooks: then there is nothing to tell of it. */
  private async withoutKnownFiles(items: readonly ListedItem[], { references }: KnownItems): Promise<readonly ListedItem[]> {
    const activityOf = (item: ListedItem) => references.get(valueOf(item)!)?.activityId;
    const withFiles = items.filter(({ about }) => about.attachments.length);
    const there = await this.attachments.known([...new Set(withFiles.flatMap((item) => activityOf(item) ?? []))]);
    const keys = new Set(there.map(({ activityId, key }) => `${activityId} ${key}`));
    return items.filter((item) => {
      const { attachments } = item.about;
      return !attachments.length || !attachments.every(({ key }) => keys.has(`${activityOf(item)} ${key}`));
    });
  }

  private async withFiles(account: AccountList, item: ListedItem): Promise<ListedItem> {
    if (!item.hasFiles) return item;
    const attachments = await account.list.files(item, account.accountId);
    return { ...item, about: { ...item.about, attachments } };
  }
}

function oldestOf(items: readonly ListedItem[]): Date {
  return new Date(Math.min(...items.map(({ createdAt }) => createdAt.getTime())));
}

function nameOf({ provider, channel, providerAccountId }: AccountList) {
  return { provider, channel, providerAccountId };
}
