import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ErasureService } from '../conversations/erasure.service.js';
import { eraseItems } from './write-sends.sql.js';

/** What was to leave for somebody who is erased never does, and what was kept of it goes. */
@Injectable()
export class SendErasureService implements OnModuleInit {
  constructor(private readonly erasure: ErasureService) {}

  onModuleInit(): void {
    this.erasure.onErase(async (tx, { activityIds }) => {
      if (activityIds.length) await tx.$executeRaw(eraseItems(activityIds));
      return undefined;
    });
  }
}
