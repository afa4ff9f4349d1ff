import { Prisma } from '../../generated/prisma/client.js';

/** Of a page of deliveries that wait, what they wait for and is there by now, and where the next page begins; null at the end. */
export interface ResolvablePage {
  readonly names: readonly string[];
  readonly last: string | null;
}

/**
 * Those of a state that came after the one of that id, so many of them. The state as it is: a plan for any state knows no index of some. The fence
 * (`offset 0`) keeps it from reading all references.
 */
export function resolvableOf(state: 'UNROUTED' | 'PARTIAL' | 'UNMATCHED', after: string, limit: number): Prisma.Sql {
  return Prisma.sql`
    with page as materialized (select id, waits_for from delivery where state = ${Prisma.raw(`'${state}'`)} and id > ${after}::uuid order by id limit ${limit}::int),
      waited as (select distinct unnest(waits_for) as name from page)
    select (select id from page order by id desc limit 1) as last, array(
      select name from waited where exists (
        select 1 from sender where channel = split_part(name, ':', 1) and address = substr(name, strpos(name, ':') + 1)
      ) or (name like 'REFERENCE:%' and exists (
        select 1 from reference where provider = split_part(substr(name, 11), ' ', 1) and account_id = split_part(name, ' ', 2)
          and value = substr(name, length(split_part(name, ' ', 1)) + length(split_part(name, ' ', 2)) + 3) offset 0))) as names`;
}
