import { Injectable } from '@nestjs/common';
import { newId } from '../../platform/database/new-id.service.js';
import { type Attachment, type Prisma } from '../../generated/prisma/client.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { notFound } from '../access/access.errors.js';
import { AccessService } from '../access/access.service.js';
import { type Actor, sees } from '../access/actor.js';
import { Scope } from '../access/scope.js';
import { isUuid } from '../../platform/database/uuid.js';
import { type Outcome } from '../activities/outcome.js';
import { type SourcedDraft } from '../activities/sourced-draft.js';
import { type AttachmentModel } from './attachment.model.js';
import { AttachmentState } from './attachment-state.js';
import { MediaLinks } from './media-links.service.js';
import { type NewAttachment, writeAttachments } from './write-attachments.sql.js';

/** Files of activities, as they are read, and the rows that commit with a recording. */
@Injectable()
export class AttachmentsService {
  constructor(
    private readonly database: DatabaseService,
    private readonly access: AccessService,
    private readonly links: MediaLinks,
  ) {}

  /** What to write alongside a recording: the files that its new events name. */
  alongside(drafts: readonly SourcedDraft[], outcomes: readonly Outcome[]): Readonly<Record<string, Prisma.Sql>> {
    const attachments = drafts.flatMap(({ draft, deliveryId, accountId, receivedAt }, i): NewAttachment[] => {
      const outcome = outcomes[i]!;
      if (outcome.kind !== 'RECORDED') return [];
      const { organizationId, activityId } = outcome;
      // Sorted, so that their order by id is the provider's: of two ids of one millisecond either may be the greater.
      const ids = draft.attachments.map(newId).sort();
      return draft.attachments.map((attachment, n) => ({
        id: ids[n]!,
        organizationId,
        activityId,
        ...attachment,
        deliveryId,
        accountId: deliveryId === null ? accountId : null,
        createdAt: receivedAt,
      }));
    });
    return attachments.length ? { attachments: writeAttachments(attachments) } : {};
  }

  /** Those of these activities that are there, each as its activity's id and its key. */
  async known(activityIds: readonly string[]): Promise<readonly { readonly activityId: string | null; readonly key: string }[]> {
    if (!activityIds.length) return [];
    return this.database.prisma.attachment.findMany({
      where: { activityId: { in: [...activityIds] } },
      select: { activityId: true, key: true },
    });
  }

  /** Throws NOT_FOUND, for a stranger's as for none. */
  async one(actor: Actor, id: string): Promise<AttachmentModel> {
    const row = isUuid(id) ? await this.database.prisma.attachment.findUnique({ where: { id } }) : null;
    if (!row || !sees(actor, row.organizationId)) throw notFound({ what: 'attachment' });
    await this.access.require(actor, Scope.READ, row.organizationId);
    return this.present(row);
  }

  async ofActivities(activityIds: readonly string[]): Promise<ReadonlyMap<string, AttachmentModel[]>> {
    const rows = await this.database.prisma.attachment.findMany({
      where: { activityId: { in: [...activityIds] } },
      orderBy: { id: 'asc' },
    });
    const found = new Map<string, AttachmentModel[]>(activityIds.map((id) => [id, []]));
    for (const row of rows) found.get(row.activityId!)!.push(this.present(row));
    return found;
  }

  /** With a link that whoever may see the attachment may pass on. */
  private present(row: Attachment): AttachmentModel {
    const { id, key, error, contentType, fileName, sizeBytes, durationSeconds, inline } = row;
    const contentId = inline ? key : null;
    const link = row.state === AttachmentState.READY ? this.links.make(id) : { url: null, urlExpiresAt: null };
    return {
      id,
      state: row.state as AttachmentState,
      error,
      contentType,
      fileName,
      sizeBytes,
      durationSeconds,
      inline,
      contentId,
      ...link,
    };
  }
}
