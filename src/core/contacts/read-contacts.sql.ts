import { Prisma } from '../../generated/prisma/client.js';
import { identityName } from './identity.js';
import { type AskedIdentity, type KnownContact, type KnownContacts } from './known-contacts.js';

interface Found {
  readonly organizationId: string;
  readonly kind: AskedIdentity['kind'];
  readonly value: string;
  readonly contact: KnownContact | null;
}

export interface ContactsJson {
  readonly found: Found[];
  readonly heads: { organizationId: string; merges: number }[];
}

/** Whose these identities are, and what that stands on, as one JSON in one snapshot. */
export function readContacts(asked: readonly AskedIdentity[]): Prisma.Sql {
  const column = (read: (identity: AskedIdentity) => string) => Prisma.sql`${asked.map(read)}::text[]`;
  return Prisma.sql`
    with asked as materialized (
      select * from unnest(${column((i) => i.organizationId)}, ${column((i) => i.kind)}, ${column((i) => i.value)}) as asked(organization_id, kind, value))
    select json_build_object(
      'found', (select json_agg(json_build_object('organizationId', asked.organization_id, 'kind', asked.kind, 'value', asked.value, 'contact', owner.contact)) from asked
        left join lateral (
          select json_build_object('id', c.id, 'name', c.name, 'profileName', c.profile_name, 'profileOrder', c.profile_order) as contact
          from contact_identity as i join contact as c on c.id = i.contact_id
          where i.organization_id = asked.organization_id and i.kind = asked.kind and i.value = asked.value limit 1) as owner on true),
      'heads', (select json_agg(json_build_object('organizationId', organization_id, 'merges', merges)) from feed_head
        where organization_id in (select organization_id from asked))
    ) as known`;
}

/** What was found, beside what was known already; where an organization's merges differ, only what was found now. */
export function withContacts(known: KnownContacts, { found, heads }: ContactsJson): KnownContacts {
  const all: KnownContacts = new Map(known);
  for (const { organizationId, merges } of heads) {
    const before = all.get(organizationId);
    all.set(organizationId, { merges, contacts: new Map(), ...(before?.merges === merges && { before }) });
  }
  for (const { organizationId, kind, value, contact } of found)
    all.get(organizationId)!.contacts.set(identityName({ kind, value }), contact);
  return all;
}
