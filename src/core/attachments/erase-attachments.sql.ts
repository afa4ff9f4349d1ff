import { Prisma } from '../../generated/prisma/client.js';
import { addJob } from '../../platform/jobs/add-job.sql.js';
import { together } from '../../platform/database/together.sql.js';
import { FETCH_MEDIA } from './fetch-media.js';

/** The job that takes away bytes that lie elsewhere, for RETURNING. */
const removal = Prisma.sql`case when stored_in <> 'DATABASE' then ${addJob(FETCH_MEDIA, Prisma.sql`json_build_object('attachmentId', id)`)} end as job`;

/** Uploads from before a time that nothing was sent with, some of them at a time; `count`: how many. */
export function sweepUploads(before: Date): Prisma.Sql {
  return together(
    {
      unused: Prisma.sql`
        select id from attachment as upload where activity_id is null and created_at < ${before.toISOString()}::timestamptz
        and not exists (select 1 from attachment as copy where copy.upload_id = upload.id) limit 100`,
      gone: Prisma.sql`delete from attachment where id in (select id from unused) returning id, ${removal}`,
      bytes_gone: Prisma.sql`delete from media_object where id in (select id from gone)`,
    },
    Prisma.sql`select count(*)::integer as count from gone`,
  );
}

/**
 * The attachments of activities go, with the bytes that lie in the database, and with the uploads that left with none but these. Bytes elsewhere
 * go by a job that is committed with it and tries until they are gone: the one that fetches, which finds no row for them. A fetch that runs now
 * finds none either, and takes away what it put down.
 */
export function eraseAttachments(activityIds: readonly string[]): Prisma.Sql {
  const ids = Prisma.sql`${[...activityIds]}::uuid[]`;
  return together({
    gone: Prisma.sql`delete from attachment where activity_id = any(${ids}) returning id, upload_id, ${removal}`,
    uploads_gone: Prisma.sql`
      delete from attachment as upload where id in (select upload_id from gone) and not exists (
        select 1 from attachment as other where other.upload_id = upload.id and other.activity_id <> all(${ids}))
      returning id, ${removal}`,
    bytes_gone: Prisma.sql`delete from media_object where id in (select id from gone union select id from uploads_gone)`,
  });
}
