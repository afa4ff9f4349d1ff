import { Prisma } from '../../generated/prisma/client.js';
import { type Provider } from '../adapters/channel.js';
import { type Origin } from '../adapters/origin.js';
import { sendersOf } from '../organizations/address-lock.sql.js';

export interface KnownItemsJson {
  readonly references: { value: string; activityId: string; origin: Origin }[] | null;
  readonly senders: { name: string; organization_id: string }[] | null;
}

/** Which of an account's ids are activities', and whose senders these addresses (`SMS:+15005550006`) are, as one JSON: `known`. */
export function readKnownItems(provider: Provider, accountId: string, values: readonly string[], names: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    select json_build_object(
      'references', (select json_agg(json_build_object('value', value, 'activityId', found.activity_id, 'origin', found.origin))
        from unnest(${[...values]}::text[]) as value cross join lateral (
          select r.activity_id, a.origin from reference as r join activity as a on a.id = r.activity_id
          where r.provider = ${provider} and r.account_id = ${accountId} and r.value = value.value limit 1) as found),
      'senders', (select json_agg(owned) from (${sendersOf(names)}) as owned)
    ) as known`;
}
