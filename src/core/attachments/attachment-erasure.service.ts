import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ErasureService } from '../conversations/erasure.service.js';
import { MediaFiles } from './media-files.service.js';

/** The files of what is erased go with it. A job that fetches one now finds its row gone, and takes away what it put down. */
@Injectable()
export class AttachmentErasureService implements OnModuleInit {
  constructor(
    private readonly erasure: ErasureService,
    private readonly files: MediaFiles,
  ) {}

  onModuleInit(): void {
    this.erasure.onErase(async (tx, { activityIds }) => {
      const attachments = await tx.attachment.findMany({ where: { activityId: { in: [...activityIds] } }, select: { id: true } });
      const ids = attachments.map(({ id }) => id);
      await tx.attachment.deleteMany({ where: { id: { in: ids } } });
      await tx.mediaObject.deleteMany({ where: { id: { in: ids } } });
      return async () => {
        for (const id of ids) await this.files.delete(id);
      };
    });
  }
}
