import { Prisma } from '../../generated/prisma/client.js';
import { addJob } from '../../platform/jobs/add-job.sql.js';
import { together } from '../../platform/database/together.sql.js';
import { needlesOf } from '../activities/mentions.js';
import { REFERENCE } from '../activities/sourced-draft.js';
import { type Erased } from '../conversations/erasure.service.js';
import { ERASE_DELIVERY } from './erase-delivery.js';
import { escaped, type WholeAddress } from './said-in-bytes.js';

/** Who is erased, and the senders of other organizations. */
export interface Sought extends Erased {
  readonly others: readonly WholeAddress[];
}

const gone = (now: Date): Prisma.Sql => Prisma.sql`
  body = ''::bytea, headers = '{}', problems = '[]', waits_for = '{}', url = split_part(url, '?', 1), erased_at = ${now.toISOString()}::timestamptz`;

/** The bytes of a delivery `d` in lower case. Escaped, they are a text whatever they are; the fence keeps it from being made once for each address. */
const SAID = Prisma.sql`(select lower(encode(d.body, 'escape') collate "C") as text offset 0) as said`;

/** Whether they name one of them. */
const names = (addresses: readonly string[]): Prisma.Sql => Prisma.sql`exists (
  select from ${SAID}, unnest(${needlesOf(addresses).map(escaped)}::text[]) as needle where position(needle in said.text) > 0)`;

/** Whether one of them stands there as it is: what is looked for first costs less. */
const namesWhole = (addresses: readonly WholeAddress[]): Prisma.Sql => Prisma.sql`exists (
  select from ${SAID}, unnest(${addresses.map(({ needle }) => needle)}::text[], ${addresses.map(({ whole }) => whole)}::text[]) as one(needle, whole)
  where case when position(one.needle in said.text) > 0 then said.text ~ one.whole end)`;

/** Whether it waits for an address that nobody has yet, and is whoever's that will be, with all or a part of what it tells. */
const IS_NOBODYS = Prisma.sql`exists (select from unnest(d.waits_for) as name where name not like ${`${REFERENCE}%`})`;

/**
 * Whether what was kept without telling of any activity may be the organization's to erase: of its account's alone, or where there is no other
 * organization, all. Else what is not still to be somebody's, and names nobody else's sender.
 */
const isOurs = ({ organizationId, others }: Sought): Prisma.Sql => Prisma.sql`
  (d.serves_only = ${organizationId} or d.serves_only is null and (
    not exists (select from organization as other where other.id <> ${organizationId})
    or not ${IS_NOBODYS} and not ${namesWhole(others)}))`;

/** What told of activities that become shells (not `&&`, which compares each with each), and what was kept without telling of any, is the organization's, and has one of the addresses in it. */
const isTheirs = (person: Sought): Prisma.Sql => Prisma.sql`
  (exists (select from unnest(d.activity_ids) as told where told = any(${[...person.activityIds]}::uuid[]))
    or (cardinality(d.activity_ids) = 0 and d.state <> 'REJECTED' and ${names(person.addresses)} and ${isOurs(person)}))`;

/** What told of others' activities of the organization, and has one of the addresses in it. */
const isNaming = ({ organizationId, addresses }: Sought): Prisma.Sql => Prisma.sql`
  (cardinality(d.activity_ids) > 0 and d.state <> 'REJECTED' and ${names(addresses)}
    and exists (select from activity as a where a.id = any(d.activity_ids) and a.organization_id = ${organizationId}))`;

/** A page of the ledger, in the order of its ids: what of it is theirs, what only names them, and where the next begins; null at the end. */
export interface LedgerPage {
  readonly theirs: readonly string[] | null;
  readonly naming: readonly string[] | null;
  readonly last: string | null;
}

/** Reads bodies, of which there may be gigabytes: so in pages, and without a lock. */
export function lookThrough(person: Sought, after: string, limit: number): Prisma.Sql {
  return Prisma.sql`
    with page as materialized (
      select id, erased_at, activity_ids, state, serves_only, waits_for, body from delivery where id > ${after}::uuid order by id limit ${limit}::int)
    select json_agg(d.id) filter (where ${isTheirs(person)}) as theirs, json_agg(d.id) filter (where ${isNaming(person)}) as naming,
      (select id from page order by id desc limit 1) as last
    from page as d where d.erased_at is null`;
}

/** Takes the bytes and headers away from those that were found, and from what of theirs has a later id than `settled`. */
export function eraseDeliveries(person: Sought, found: readonly string[], settled: string, now: Date): Prisma.Sql {
  return Prisma.sql`
    update delivery as d set ${gone(now)}
    where erased_at is null and (d.id = any(${[...found]}::uuid[]) or (d.id > ${settled}::uuid and ${isTheirs(person)}))`;
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
