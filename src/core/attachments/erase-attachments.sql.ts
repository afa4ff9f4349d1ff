import { Prisma } from '../../generated/prisma/client.js';
import { addJob } from '../../platform/jobs/add-job.sql.js';
import { together } from '../../platform/database/together.sql.js';
import { FETCH_MEDIA } from './fetch-media.js';

/**
 * The attachments of activities go, with the bytes that lie in the database. Those elsewhere go by a job that is committed with it and tries
 * until they are gone: the one that fetches, which finds no row for them. A fetch that runs now finds none either, and takes away what it put down.
 */
export function eraseAttachments(activityIds: readonly string[]): Prisma.Sql {
  const removal = addJob(FETCH_MEDIA, Prisma.sql`json_build_object('attachmentId', id)`);
  return together({
    gone: Prisma.sql`
      delete from attachment where activity_id = any(${[...activityIds]}::uuid[])
      returning id, case when stored_in <> 'DATABASE' then ${removal} end as job`,
    bytes_gone: Prisma.sql`delete from media_object where id in (select id from gone)`,
  });
}
