import { Prisma } from '../../generated/prisma/client.js';

export interface NewAttachment {
  readonly id: string;
  readonly organizationId: string;
  readonly activityId: string;
  readonly key: string;
  readonly contentType: string;
  readonly sourceUrl: string;
  readonly createdAt: Date;
}

/** Files that providers named, to be fetched; one that is there already stays as it is. */
export function writeAttachments(attachments: readonly NewAttachment[]): Prisma.Sql {
  return Prisma.sql`
    insert into attachment (id, organization_id, activity_id, key, content_type, source_url, state, created_at)
    select id, "organizationId", "activityId", key, "contentType", "sourceUrl", 'PENDING', "createdAt"
    from json_to_recordset(${JSON.stringify(attachments)}::json) as x(
      id uuid, "organizationId" text, "activityId" uuid, key text, "contentType" text, "sourceUrl" text, "createdAt" timestamptz)
    on conflict (activity_id, key) do nothing`;
}
