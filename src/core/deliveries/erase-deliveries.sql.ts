import { Prisma } from '../../generated/prisma/client.js';
import { addJob } from '../../platform/jobs/add-job.sql.js';
import { together } from '../../platform/database/together.sql.js';
import { needlesOf } from '../activities/mentions.js';
import { REFERENCE } from '../activities/sourced-draft.js';
import { type Erased } from '../conversations/erasure.service.js';
import { type Settled } from '../conversations/settled.service.js';
import { ERASE_DELIVERY } from './erase-delivery.js';

const gone = (now: Date): Prisma.Sql => Prisma.sql`
  body = ''::bytea, headers = '{}', problems = '[]', waits_for = '{}', url = split_part(url, '?', 1), erased_at = ${now.toISOString()}::timestamptz`;

/** The bytes of a delivery `d` in lower case. Escaped, they are a text whatever they are; the fence keeps it from being made once for each address. */
const SAID = Prisma.sql`(select lower(encode(d.body, 'escape') collate "C") as text offset 0) as said`;

/** Whether they name one of them. */
const names = (addresses: readonly string[]): Prisma.Sql => Prisma.sql`exists (
  select from ${SAID}, unnest(${[...needlesOf(addresses)]}::text[]) as needle
  where position(lower(encode(convert_to(needle, 'UTF8'), 'escape')) in said.text) > 0)`;

/** What told of activities that become shells. Not by `&&`, which compares each with each. */
const isToldBy = ({ activityIds }: Erased): Prisma.Sql => Prisma.sql`
  exists (select from unnest(d.activity_ids) as told where told = any(${[...activityIds]}::uuid[]))`;

const IS_WITHOUT_ACTIVITY = Prisma.sql`cardinality(d.activity_ids) = 0 and d.state <> 'REJECTED'`;

/** Whether what was kept without telling of any activity is the organization's alone. */
const isOurs = ({ organizationId }: Erased): Prisma.Sql => Prisma.sql`
  (d.serves_only is not distinct from ${organizationId} or not exists (select from organization as other where other.id <> ${organizationId}))`;

/** Whether it waits for an address that nobody has yet, and is whoever's that will be, with all or a part of what it tells. */
const IS_NOBODYS = Prisma.sql`exists (select from unnest(d.waits_for) as name where name not like ${`${REFERENCE}%`})`;

/** What told of activities that become shells, and what was kept without telling of any, is the organization's, and has one of the addresses in it. */
const isTheirs = (person: Erased): Prisma.Sql => Prisma.sql`
  (${isToldBy(person)} or (${IS_WITHOUT_ACTIVITY} and ${isOurs(person)} and ${names(person.addresses)}))`;

/** What would be, but may be another organization's: unless it names a sender of that one, it is theirs too. */
const isDoubtful = (person: Erased): Prisma.Sql => Prisma.sql`
  (${IS_WITHOUT_ACTIVITY} and d.serves_only is null and not ${isOurs(person)} and not ${IS_NOBODYS} and ${names(person.addresses)})`;

/** What told of others' activities of the organization, and has one of the addresses in it. */
const isNaming = ({ organizationId, addresses }: Erased): Prisma.Sql => Prisma.sql`
  (cardinality(d.activity_ids) > 0 and d.state <> 'REJECTED' and ${names(addresses)}
    and exists (select from activity as a where a.id = any(d.activity_ids) and a.organization_id = ${organizationId}))`;

/** A page of the ledger, in the order of its ids: what of it is theirs, what may be, what only names them, and where the next begins; null at the end. */
export interface LedgerPage {
  readonly theirs: readonly string[] | null;
  readonly doubtful: readonly string[] | null;
  readonly naming: readonly string[] | null;
  readonly last: string | null;
}

/** How large a page is: one delivery at least. To look through a megabyte takes up to a tenth of a second. */
const MOST_DELIVERIES = 5_000;
const MOST_BYTES = 32 << 20;

/** Reads bodies, of which there may be gigabytes: so in pages, and without a lock. How long a body is is known without reading it. */
export function lookThrough(person: Erased, after: string): Prisma.Sql {
  return Prisma.sql`
    with next as (
      select id, sum(octet_length(body)) over (order by id) - octet_length(body) as before from (
        select id, body from delivery where id > ${after}::uuid order by id limit ${MOST_DELIVERIES}::int) as following),
    page as materialized (
      select id, erased_at, activity_ids, state, serves_only, waits_for, body from delivery where id in (select id from next where before < ${MOST_BYTES}::int))
    select json_agg(d.id) filter (where ${isTheirs(person)}) as theirs, json_agg(d.id) filter (where ${isDoubtful(person)}) as doubtful,
      json_agg(d.id) filter (where ${isNaming(person)}) as naming, (select id from page order by id desc limit 1) as last
    from page as d where d.erased_at is null`;
}

/** Of what may have been committed since, and of what an event since brought, as what was run through again, however old it is: what is theirs, or may be. */
export function lookAgain(person: Erased, settled: Settled): Prisma.Sql {
  return Prisma.sql`
    select json_agg(d.id) filter (where ${isTheirs(person)}) as theirs, json_agg(d.id) filter (where ${isDoubtful(person)}) as doubtful
    from delivery as d where d.erased_at is null and (d.id > ${settled.id}::uuid or d.id in (
      select delivery_id from event where organization_id = ${person.organizationId} and event.seq > ${settled.seq}::bigint and activity_id = any(${[...person.activityIds]}::uuid[])))`;
}

/** Takes the bytes and headers away. */
export function eraseDeliveries(ids: readonly string[], now: Date): Prisma.Sql {
  return Prisma.sql`update delivery set ${gone(now)} where erased_at is null and id = any(${[...ids]}::uuid[])`;
}

/** Whether a file of somebody's is still to be taken out of delivery `d`. */
const isNeeded = Prisma.sql`exists (
  select from attachment as f where f.activity_id = any(d.activity_ids) and f.delivery_id = d.id and f.state = 'PENDING' and f.source_url is null)`;

const isNamed = (deliveryIds: readonly string[]): Prisma.Sql => Prisma.sql`d.id = any(${[...deliveryIds]}::uuid[]) and d.erased_at is null`;

/** Takes them away from those that nothing is needed of any more; each other gets a job that does it then. */
export function eraseUnneeded(deliveryIds: readonly string[], now: Date): Prisma.Sql {
  return together(
    {
      gone: Prisma.sql`update delivery as d set ${gone(now)} where ${isNamed(deliveryIds)} and not ${isNeeded} returning d.id`,
      later: Prisma.sql`
      select ${addJob(ERASE_DELIVERY, Prisma.sql`json_build_object('deliveryId', d.id)`)} as job from delivery as d
      where ${isNamed(deliveryIds)} and ${isNeeded}`,
    },
    Prisma.sql`select count(*) from later`,
  );
}

/** The same of one; a row where it is still needed. */
export function eraseOnceUnneeded(deliveryId: string, now: Date): Prisma.Sql {
  return together(
    { gone: Prisma.sql`update delivery as d set ${gone(now)} where ${isNamed([deliveryId])} and not ${isNeeded}` },
    Prisma.sql`select d.id from delivery as d where ${isNamed([deliveryId])} and ${isNeeded}`,
  );
}
