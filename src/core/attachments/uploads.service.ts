import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { newId } from '../../platform/database/new-id.service.js';
import { isUuid } from '../../platform/database/uuid.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { Log } from '../../platform/logging/log.service.js';
import { sweepUploads } from './erase-attachments.sql.js';
import { MediaFiles } from './media-files.service.js';
import { mediaTypeOf } from './media-type.js';

const SWEEP_EVERY_MS = 10 * 60 * 1000;
const UNUSED_MS = 7 * 24 * 60 * 60 * 1000;

/** A file that was taken in for sends, whatever number of them it leaves with. */
export interface Upload {
  readonly uploadId: string;
  readonly fileName: string | null;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly storedIn: string;
}

/** Files of an organization that belong to no activity: what is sent later. */
@Injectable()
export class UploadsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: DatabaseService,
    private readonly files: MediaFiles,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweep(), SWEEP_EVERY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Keeps a file; its type is what its bytes say, or else what was claimed. */
  async keep(organizationId: string, bytes: Buffer, claimedType: string | undefined, fileName: string | null): Promise<Upload> {
    const id = newId();
    const contentType = await mediaTypeOf(bytes, claimedType);
    const storedIn = await this.files.put(id, bytes, contentType);
    await this.database.prisma.attachment.create({
      data: {
        id,
        organizationId,
        key: id,
        contentType,
        fileName,
        sizeBytes: bytes.length,
        state: 'READY',
        storedIn,
        createdAt: new Date(),
      },
    });
    return { uploadId: id, fileName, contentType, sizeBytes: bytes.length, storedIn };
  }

  /** In the order asked; undefined for an id that is no upload of this organization. */
  async find(organizationId: string, ids: readonly string[]): Promise<readonly (Upload | undefined)[]> {
    const asked = ids.filter(isUuid).map((id) => id.toLowerCase());
    const rows = asked.length
      ? await this.database.prisma.attachment.findMany({ where: { id: { in: asked }, organizationId, activityId: null, state: 'READY' } })
      : [];
    const found = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id): Upload | undefined => {
      const row = found.get(id.toLowerCase());
      if (!row?.storedIn) return undefined;
      const { fileName, contentType, sizeBytes, storedIn } = row;
      return { uploadId: row.id, fileName, contentType, sizeBytes: sizeBytes ?? 0, storedIn };
    });
  }

  /** Nobody sends with a file for so long, or the send it came with was refused. */
  private async sweep(): Promise<void> {
    try {
      const [{ count }] = await this.database.prisma.$queryRaw<[{ count: number }]>(sweepUploads(new Date(Date.now() - UNUSED_MS)));
      if (count) this.log.info('media.unused_uploads_deleted', { count });
    } catch (error) {
      this.log.warn('media.uploads_not_swept', { reason: reasonOf(error) });
    }
  }
}
