import { Prisma } from '../../generated/prisma/client.js';
import { likeEscaped } from '../../platform/database/like.js';
import { type PageKey } from '../../platform/graphql/page-cursor.js';
import { canonicalNumber } from './identity.js';

/** The columns of a contact as Prisma's model has them. */
const COLUMNS = Prisma.sql`c.id, c.organization_id as "organizationId", c.name, c.profile_name as "profileName", c.profile_order as "profileOrder",
  c.external_id as "externalId", c.read_up_to as "readUpTo", c.merged_into_id as "mergedIntoId", c.erased_at as "erasedAt", c.created_at as "createdAt"`;

/** Each id with the contact it is now: `asked`, and its columns. Erased ones are left out. */
export function contactsByIds(ids: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    select asked.id as asked, ${COLUMNS} from contact as asked join contact as c on c.id = coalesce(asked.merged_into_id, asked.id)
    where asked.id = any(${[...ids]}::uuid[]) and c.erased_at is null`;
}

/** One page, newest first. Each word must be in a name, an identity or the client's own id, whatever its case. */
export function searchContacts(organizationId: string, words: readonly string[], after: PageKey | undefined, limit: number): Prisma.Sql {
  const conditions = words.map((word) => {
    const pattern = `%${likeEscaped(word)}%`;
    // Activities show a number as its provider writes it.
    const number = `%${likeEscaped(canonicalNumber(word))}%`;
    return Prisma.sql`and (c.name ilike ${pattern} or c.profile_name ilike ${pattern} or c.external_id ilike ${pattern}
      or exists (select 1 from contact_identity as i where i.contact_id = c.id and i.value ilike any(${[pattern, number]}::text[])))`;
  });
  if (after) conditions.push(Prisma.sql`and c.id < ${after.id}::uuid`);
  return Prisma.sql`
    select ${COLUMNS} from contact as c
    where c.organization_id = ${organizationId} and c.merged_into_id is null and c.erased_at is null ${conditions.length ? Prisma.join(conditions, ' ') : Prisma.empty}
    order by c.id desc limit ${limit}::int`;
}
