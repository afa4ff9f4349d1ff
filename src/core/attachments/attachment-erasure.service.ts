import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ErasureService } from '../conversations/erasure.service.js';
import { eraseAttachments } from './erase-attachments.sql.js';

/** The files of what is erased go with it. */
@Injectable()
export class AttachmentErasureService implements OnModuleInit {
  constructor(private readonly erasure: ErasureService) {}

  onModuleInit(): void {
    this.erasure.onErase(async (tx, { activityIds }) => {
      await tx.$queryRaw(eraseAttachments(activityIds));
    });
  }
}
