import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Prisma } from '../../generated/prisma/client.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { LOWEST_ID } from '../../platform/database/new-id.service.js';
import { JobsService } from '../../platform/jobs/jobs.service.js';
import { type Erased, type EraseListener, ErasureService } from '../conversations/erasure.service.js';
import { settledId } from '../conversations/settled-id.service.js';
import { eraseDeliveries, eraseOnceUnneeded, eraseUnneeded, type LedgerPage, lookThrough, type Sought } from './erase-deliveries.sql.js';
import { SendersService } from '../organizations/senders.service.js';
import { ERASE_DELIVERY, type EraseDelivery } from './erase-delivery.js';
import { wholeAddresses } from './said-in-bytes.js';

const PAGE = 5_000;

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
    this.erasure.beforeErase((person) => this.look(person));
  }

  /** What it finds goes under the lock, with what came meanwhile; what names the person alone goes at once. */
  private async look(erased: Erased): Promise<EraseListener> {
    const person = await this.sought(erased);
    // What has a higher id may be committed when what follows it has long been looked through.
    const settled = settledId();
    const theirs: string[] = [];
    let last = LOWEST_ID;
    for (;;) {
      const [page] = await this.database.prisma.$queryRaw<[LedgerPage]>(lookThrough(person, last, PAGE));
      theirs.push(...(page.theirs ?? []));
      if (page.naming) await this.database.prisma.$queryRaw(eraseUnneeded(page.naming, new Date()));
      if (page.last === null) break;
      last = page.last;
    }
    return async (tx, locked) => void (await tx.$executeRaw(eraseDeliveries(await this.sought(locked, tx), theirs, settled, new Date())));
  }

  private async sought(erased: Erased, client?: Prisma.TransactionClient): Promise<Sought> {
    return { ...erased, others: wholeAddresses(await this.senders.addressesOfOthers(erased.organizationId, client)) };
  }

  /** Throws, and so is tried again, while a file of somebody else's is not stored yet. */
  private async eraseLater(deliveryId: string): Promise<void> {
    const needed = await this.database.prisma.$queryRaw<unknown[]>(eraseOnceUnneeded(deliveryId, new Date()));
    if (needed.length) throw new Error('a file in the delivery is not stored yet');
  }
}
