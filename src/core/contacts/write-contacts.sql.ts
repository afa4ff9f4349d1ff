import { Prisma } from '../../generated/prisma/client.js';
import { type NewContact, type NewIdentity, type ProfileName } from './contact-plan.js';

export function insertContacts(contacts: readonly NewContact[], now: Date): Prisma.Sql {
  return Prisma.sql`
    insert into contact (id, organization_id, profile_name, profile_order, created_at)
    select id, "organizationId", "profileName", "profileOrder", ${now.toISOString()}::timestamptz
    from json_to_recordset(${JSON.stringify(contacts)}::json) as x(id uuid, "organizationId" text, "profileName" text, "profileOrder" text)`;
}

/** An identity that is somebody's already is a unique violation: what was planned stood on its being nobody's. */
export function insertIdentities(identities: readonly NewIdentity[]): Prisma.Sql {
  return Prisma.sql`
    insert into contact_identity (organization_id, kind, value, contact_id)
    select "organizationId", kind, value, "contactId"
    from json_to_recordset(${JSON.stringify(identities)}::json) as x("organizationId" text, kind text, value text, "contactId" uuid)`;
}

/**
 * One contact becomes another: what identified it and what it was called go over, and what was merged into it too. Of the other's name
 * and id nothing is lost but what the kept one has. Unread stays unread: reading resumes before the first unread of either.
 */
export function mergeContacts(keepId: string, mergeId: string): Record<string, Prisma.Sql> {
  return {
    identities_moved: Prisma.sql`update contact_identity set contact_id = ${keepId}::uuid where contact_id = ${mergeId}::uuid`,
    contacts_followed: Prisma.sql`update contact set merged_into_id = ${keepId}::uuid where merged_into_id = ${mergeId}::uuid`,
    contact_merged: Prisma.sql`update contact set merged_into_id = ${keepId}::uuid where id = ${mergeId}::uuid`,
    contact_kept: Prisma.sql`
      update contact as keep set name = coalesce(keep.name, other.name), external_id = coalesce(keep.external_id, other.external_id),
        profile_name = case when other.profile_order > keep.profile_order then other.profile_name else keep.profile_name end,
        profile_order = greatest(keep.profile_order, other.profile_order),
        read_up_to = coalesce(
          (select min(created_seq) - 1 from activity where direction = 'INBOUND' and erased_at is null
            and ((contact_id = keep.id and created_seq > keep.read_up_to) or (contact_id = other.id and created_seq > other.read_up_to))),
          greatest(keep.read_up_to, other.read_up_to))
      from contact as other where keep.id = ${keepId}::uuid and other.id = ${mergeId}::uuid`,
  };
}

/** The newest name counts, whichever is written last. */
export function renameProfiles(names: readonly ProfileName[]): Prisma.Sql {
  return Prisma.sql`
    update contact set profile_name = x."profileName", profile_order = x."profileOrder"
    from json_to_recordset(${JSON.stringify(names)}::json) as x("contactId" uuid, "profileName" text, "profileOrder" text)
    where contact.id = x."contactId" and contact.profile_order < x."profileOrder"`;
}
