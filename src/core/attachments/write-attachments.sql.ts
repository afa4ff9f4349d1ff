import { type DraftAttachment } from '../adapters/activity-draft.js';
import { Prisma } from '../../generated/prisma/client.js';
import { addJob } from '../../platform/jobs/add-job.sql.js';
import { FETCH_MEDIA } from './fetch-media.js';

export interface NewAttachment extends DraftAttachment {
  readonly id: string;
  readonly organizationId: string;
  readonly activityId: string;
  /** The delivery that named it; where a list did, whose list: one of the two. */
  readonly deliveryId: string | null;
  readonly accountId: string | null;
  readonly createdAt: Date;
}

/** Files that providers named, each with the job that fetches it; one that is there already stays as it is, and gets no other job. */
export function writeAttachments(attachments: readonly NewAttachment[]): Prisma.Sql {
  return Prisma.sql`
    insert into attachment (id, organization_id, activity_id, key, content_type, file_name, size_bytes, duration_seconds, inline, source_url, delivery_id, account_id, state, created_at)
    select id, "organizationId", "activityId", key, "contentType", "fileName", "sizeBytes", "durationSeconds", coalesce(inline, false), "sourceUrl", "deliveryId", "accountId", 'PENDING',
      "createdAt"
    from json_to_recordset(${JSON.stringify(attachments)}::json) as x(
      id uuid, "organizationId" text, "activityId" uuid, key text, "contentType" text, "fileName" text, "sizeBytes" integer, "durationSeconds" integer, inline boolean,
      "sourceUrl" text, "deliveryId" uuid, "accountId" text, "createdAt" timestamptz)
    on conflict (activity_id, key) do nothing
    returning ${addJob(FETCH_MEDIA, Prisma.sql`json_build_object('attachmentId', id)`)}`;
}
