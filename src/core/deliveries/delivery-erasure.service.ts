import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { JobsService } from '../../platform/jobs/jobs.service.js';
import { ErasureService } from '../conversations/erasure.service.js';
import { eraseDeliveries, eraseOnceUnneeded, eraseUnneeded, findNaming } from './erase-deliveries.sql.js';
import { ERASE_DELIVERY, type EraseDelivery } from './erase-delivery.js';

/** What the ledger kept of a person goes with the person. */
@Injectable()
export class DeliveryErasureService implements OnModuleInit {
  constructor(
    private readonly database: DatabaseService,
    private readonly jobs: JobsService,
    private readonly erasure: ErasureService,
  ) {}

  onModuleInit(): void {
    this.jobs.register<EraseDelivery>({ ...ERASE_DELIVERY, run: ({ deliveryId }) => this.eraseLater(deliveryId) });
    this.erasure.beforeErase(async ({ organizationId, addresses }) => {
      const found = await this.database.prisma.$queryRaw<{ id: string }[]>(findNaming(organizationId, addresses));
      const ids = found.map(({ id }) => id);
      if (ids.length) await this.database.prisma.$queryRaw(eraseUnneeded(ids, new Date()));
    });
    this.erasure.onErase(async (tx, { activityIds, addresses }) => {
      await tx.$executeRaw(eraseDeliveries(activityIds, addresses, new Date()));
    });
  }

  /** Throws, and so is tried again, while a file of somebody else's is not stored yet. */
  private async eraseLater(deliveryId: string): Promise<void> {
    const needed = await this.database.prisma.$queryRaw<unknown[]>(eraseOnceUnneeded(deliveryId, new Date()));
    if (needed.length) throw new Error('a file in the delivery is not stored yet');
  }
}
