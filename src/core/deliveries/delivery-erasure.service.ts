import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ErasureService } from '../conversations/erasure.service.js';
import { eraseDeliveries } from './write-deliveries.sql.js';

/** What the ledger kept of a person goes with the person. */
@Injectable()
export class DeliveryErasureService implements OnModuleInit {
  constructor(private readonly erasure: ErasureService) {}

  onModuleInit(): void {
    this.erasure.onErase(async (tx, { activityIds, addresses }) => {
      await tx.$executeRaw(eraseDeliveries(activityIds, addresses, new Date()));
    });
  }
}
