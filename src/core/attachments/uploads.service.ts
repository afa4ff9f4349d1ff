import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { newId } from '../../platform/database/new-id.service.js';
import { isUuid } from '../access/uuid.js';
import { MediaFiles } from './media-files.service.js';
import { mediaTypeOf } from './media-type.js';

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
export class UploadsService {
  constructor(
    private readonly database: DatabaseService,
    private readonly files: MediaFiles,
  ) {}

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
}
