import { Prisma } from '../../generated/prisma/client.js';

/** A file of an activity that shares the bytes of an upload. */
export interface UploadCopy {
  readonly id: string;
  readonly organizationId: string;
  readonly activityId: string;
  readonly uploadId: string;
  readonly fileName: string | null;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly storedIn: string;
  readonly createdAt: Date;
}

export function copyUploads(copies: readonly UploadCopy[]): Prisma.Sql {
  return Prisma.sql`
    insert into attachment (id, organization_id, activity_id, key, content_type, file_name, size_bytes, inline, state, stored_in, upload_id, created_at)
    select id, "organizationId", "activityId", id::text, "contentType", "fileName", "sizeBytes", false, 'READY', "storedIn", "uploadId", "createdAt"
    from json_to_recordset(${JSON.stringify(copies)}::json) as x(
      id uuid, "organizationId" text, "activityId" uuid, "uploadId" uuid, "fileName" text, "contentType" text, "sizeBytes" integer, "storedIn" text, "createdAt" timestamptz)`;
}
