import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type Delivery } from '../../generated/prisma/client.js';
import { badInput } from '../../platform/errors/coded-error.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { Log } from '../../platform/logging/log.service.js';
import { type Actor } from '../access/actor.js';
import { type Channel, type Provider } from '../adapters/channel.js';
import { type VerifiedDelivery } from '../adapters/delivery.js';
import { SendersService } from '../organizations/senders.service.js';
import { IngestService } from './ingest.service.js';
import { LedgerService } from './ledger.service.js';

const SWEEP_EVERY_MS = 60_000;
const PAGE = 200;
/** A mutation that made a sender waits so long for its backlog; the rest goes on behind it. */
const WAIT_MS = 3_000;

/** Runs kept deliveries through again: when asked, when a sender appears for what waited, and now and then what would now resolve. */
@Injectable()
export class ReplayService implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: DatabaseService,
    private readonly ledger: LedgerService,
    private readonly ingest: IngestService,
    private readonly senders: SendersService,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.senders.onCreated((address) => this.replayWaiting(address));
    this.timer = setInterval(() => void this.sweep(), SWEEP_EVERY_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Harmless if it was processed. Throws NOT_FOUND, or BAD_USER_INPUT for one that was refused: nothing of it is kept. */
  async replay(actor: Actor, id: string): Promise<Delivery> {
    const kept = await this.ledger.one(actor, id);
    if (kept.state === 'REJECTED')
      throw badInput('id', 'id is of a delivery that was refused: it was not verified, and nothing of it was kept.');
    await this.ingest.record(verifiedOf(kept));
    return this.ledger.one(actor, id);
  }

  /** What waits for an address, oldest first. */
  private async replayWaiting(address: string): Promise<void> {
    const all = this.replayAll(address).catch((error: unknown) => this.log.error('delivery.replay_failed', error));
    await Promise.race([all, new Promise((done) => setTimeout(done, WAIT_MS).unref())]);
  }

  private async replayAll(address: string): Promise<void> {
    for (let last = ''; ;) {
      const page = await this.database.prisma.delivery.findMany({
        where: { state: { in: ['UNROUTED', 'PARTIAL'] }, waitsFor: { has: address }, ...(last && { id: { gt: last } }) },
        orderBy: { id: 'asc' },
        take: PAGE,
      });
      await Promise.all(page.map((kept) => this.ingest.record(verifiedOf(kept))));
      if (page.length < PAGE) return;
      last = page.at(-1)!.id;
    }
  }

  /** Whoever was interrupted between a sender's commit and its replay left this behind. */
  private async sweep(): Promise<void> {
    try {
      const found = await this.database.prisma.$queryRaw<{ name: string }[]>`
        select distinct sender.channel || ':' || sender.address as name from delivery cross join unnest(waits_for) as waited
        join sender on sender.channel = split_part(waited, ':', 1) and sender.address = substr(waited, strpos(waited, ':') + 1)
        where delivery.state in ('UNROUTED', 'PARTIAL')`;
      for (const { name } of found) await this.replayAll(name);
    } catch (error) {
      this.log.warn('delivery.sweep_failed', { reason: reasonOf(error) });
    }
  }
}

/** What the guard once let in stays verified. */
function verifiedOf(kept: Delivery): VerifiedDelivery {
  const { id, channel, provider, url, receivedAt, headers, body, accountId } = kept;
  return {
    id,
    channel: channel as Channel,
    provider: provider as Provider,
    url,
    receivedAt,
    headers,
    body: Buffer.from(body),
    reading: {},
    accountId,
  } as unknown as VerifiedDelivery;
}
