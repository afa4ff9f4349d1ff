import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Prisma } from '../../generated/prisma/client.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { LOWEST_ID } from '../../platform/database/new-id.service.js';
import { JobsService } from '../../platform/jobs/jobs.service.js';
import { type Erased, type EraseListener, ErasureService } from '../conversations/erasure.service.js';
import { type Settled } from '../conversations/settled.service.js';
import { SendersService } from '../organizations/senders.service.js';
import { eraseDeliveries, eraseOnceUnneeded, eraseUnneeded, type LedgerPage, lookAgain, lookThrough } from './erase-deliveries.sql.js';
import { ERASE_DELIVERY, type EraseDelivery } from './erase-delivery.js';
import { NamedSenders } from './named-senders.js';

/** What the ledger kept of a person goes with the person. */
@Injectable()
export class DeliveryErasureService implements OnModuleInit {
  constructor(
    private readonly database: DatabaseService,
    private readonly jobs: JobsService,
    private readonly erasure: ErasureService,
    private readonly senders: SendersService,
  ) {}

  onModuleInit(): void {
    this.jobs.register<EraseDelivery>({ ...ERASE_DELIVERY, run: ({ deliveryId }) => this.eraseLater(deliveryId) });
    this.erasure.beforeErase((person, settled) => this.look(person, settled));
  }

  /** What it finds goes under the lock, with what came meanwhile; what names the person alone goes at once. */
  private async look(person: Erased, settled: Settled): Promise<EraseListener> {
    const { organizationId } = person;
    const theirs: string[] = [];
    for (let after: string | null = LOWEST_ID; after !== null;) {
      const [page]: [LedgerPage] = await this.database.prisma.$queryRaw(lookThrough(person, after));
      theirs.push(...(page.theirs ?? []), ...(await this.undoubted(organizationId, page.doubtful ?? [])));
      if (page.naming) await this.database.prisma.$queryRaw(eraseUnneeded(page.naming, new Date()));
      after = page.last;
    }
    return async (tx, erased) => {
      const [since] = await tx.$queryRaw<[Pick<LedgerPage, 'theirs' | 'doubtful'>]>(lookAgain(erased, settled));
      const later = [...(since.theirs ?? []), ...(await this.undoubted(organizationId, since.doubtful ?? [], tx))];
      await tx.$executeRaw(eraseDeliveries([...theirs, ...later], new Date()));
    };
  }

  /** Of deliveries that may be another organization's those that name no sender of one. They are few. */
  private async undoubted(
    organizationId: string,
    ids: readonly string[],
    client: Prisma.TransactionClient = this.database.prisma,
  ): Promise<string[]> {
    if (!ids.length) return [];
    const others = new NamedSenders(await this.senders.addressesOfOthers(organizationId, client));
    const left: string[] = [];
    for (const id of ids) {
      const { body } = await client.delivery.findUniqueOrThrow({ where: { id }, select: { body: true } });
      if (!others.isNamedIn(Buffer.from(body))) left.push(id);
    }
    return left;
  }

  /** Throws, and so is tried again, while a file of somebody else's is not stored yet. */
  private async eraseLater(deliveryId: string): Promise<void> {
    const needed = await this.database.prisma.$queryRaw<unknown[]>(eraseOnceUnneeded(deliveryId, new Date()));
    if (needed.length) throw new Error('a file in the delivery is not stored yet');
  }
}
