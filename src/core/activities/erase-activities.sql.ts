import { Prisma } from '../../generated/prisma/client.js';
import { together } from '../../platform/database/together.sql.js';

/** A contact's activities, as far as erasing them needs. */
export function activitiesOfContact(contactId: string): Prisma.Sql {
  return Prisma.sql`select id, channel, "from", "to" from activity where contact_id = ${contactId}::uuid and erased_at is null`;
}

/**
 * Leaves the shells of activities: their ids, times and statuses. Of their events the place in the feed and the hash of the key stay.
 * The organization's head must be held.
 */
export function eraseActivities(ids: readonly string[], now: Date): Prisma.Sql {
  const wanted = Prisma.sql`${[...ids]}::uuid[]`;
  return together({
    shells: Prisma.sql`
      update activity set "from" = '', "to" = '', subject = null, body = null, reply_to = null, reactions = '{}', error = null, metadata = '{}',
        provenance = '{"orders": [""], "fields": {}}', contact_id = null, revision = revision + 1, updated_at = ${now.toISOString()}::timestamptz,
        erased_at = ${now.toISOString()}::timestamptz
      where id = any(${wanted})`,
    events_emptied: Prisma.sql`
      update event set metadata = '{}', error = null, key = encode(sha256(convert_to(key, 'UTF8')), 'hex')
      where activity_id = any(${wanted}) and kind <> 'ERASED'`,
    htmls_gone: Prisma.sql`delete from activity_html where activity_id = any(${wanted})`,
  });
}
