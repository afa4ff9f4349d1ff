import { Injectable } from '@nestjs/common';
import { newId } from '../../platform/database/new-id.service.js';
import { type Attachment, type Prisma } from '../../generated/prisma/client.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { type Outcome, type SourcedDraft } from '../activities/record-plan.js';
import { type NewAttachment, writeAttachments } from './write-attachments.sql.js';

@Injectable()
export class AttachmentsService {
  constructor(private readonly database: DatabaseService) {}

  /** What to write alongside a recording: the files that its new events name. */
  alongside(drafts: readonly SourcedDraft[], outcomes: readonly Outcome[]): Readonly<Record<string, Prisma.Sql>> {
    const attachments = drafts.flatMap(({ draft, deliveryId, receivedAt }, i): NewAttachment[] => {
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
        createdAt: receivedAt,
      }));
    });
    return attachments.length ? { attachments: writeAttachments(attachments) } : {};
  }

  async ofActivities(activityIds: readonly string[]): Promise<ReadonlyMap<string, Attachment[]>> {
    const rows = await this.database.prisma.attachment.findMany({
      where: { activityId: { in: [...activityIds] } },
      orderBy: { id: 'asc' },
    });
    const found = new Map<string, Attachment[]>(activityIds.map((id) => [id, []]));
    for (const row of rows) found.get(row.activityId)!.push(row);
    return found;
  }
}
