import { Prisma } from '../../generated/prisma/client.js';
import { together } from '../../platform/database/together.sql.js';
import { emptyEvents, emptyMetadata } from '../feed/erase-events.sql.js';
import { type ActivityRow } from './activity-row.js';
import { ERASED_ORDER } from './merged.js';

/** A contact's activity, as far as erasing it needs. */
export type ContactActivity = Pick<ActivityRow, 'id' | 'channel' | 'direction' | 'from'>;

/** All that are the contact's and no shells yet. */
export function activitiesOfContact(contactId: string): Prisma.Sql {
  return Prisma.sql`select id, channel, direction, "from" from activity where contact_id = ${contactId}::uuid and erased_at is null`;
}

/**
 * Takes an erased caller's number, and what metadata says beside it, out of the calls that rang on, for good: the legs to a number that theirs was forwarded to, which are with whoever has
 * that. The organization's head must be held.
 */
export function eraseCallers(organizationId: string, addresses: readonly string[], now: Date): Prisma.Sql {
  return together({
    legs: Prisma.sql`
      update activity set "from" = '', metadata = '{}', revision = revision + 1, updated_at = ${now.toISOString()}::timestamptz,
        provenance = jsonb_build_object('orders', provenance->'orders' || ${JSON.stringify([ERASED_ORDER])}::jsonb,
          'fields', provenance->'fields' || jsonb_build_object('from', jsonb_array_length(provenance->'orders')))
      where organization_id = ${organizationId} and channel = 'VOICE' and direction = 'OUTBOUND' and "from" = any(${[...addresses]}::text[]) and erased_at is null
        and not exists (select from sender as ours where ours.organization_id = ${organizationId} and ours.address = activity."from")
      returning id`,
    events_emptied: emptyMetadata(Prisma.sql`select id from legs`),
  });
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
    events_emptied: emptyEvents(ids),
    htmls_gone: Prisma.sql`delete from activity_html where activity_id = any(${wanted})`,
  });
}
