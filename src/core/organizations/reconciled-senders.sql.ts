import { Prisma } from '../../generated/prisma/client.js';
import { type Channel, type Provider } from '../adapters/channel.js';

/** Up to when the list of one account was compared, and whose it may be. */
export interface ComparedUntil {
  /** The one organization that the account serves; null: all. */
  readonly organizationId: string | null;
  /** Null: never yet. */
  readonly until: Date | null;
}

/**
 * Senders of these channels are compared up to the earliest of all accounts that serve them. One that was made since an account's list was
 * compared stays as it is, for what was said to it before it was there has not been looked for yet.
 */
export function noteReconciled(provider: Provider, channels: readonly Channel[], compared: readonly ComparedUntil[]): Prisma.Sql {
  return Prisma.sql`
    update sender set reconciled_until = found.until from (
      select s.id, min(c.until) as until
      from json_to_recordset(${JSON.stringify(compared)}::json) as c("organizationId" text, until timestamptz)
      join sender as s on c."organizationId" is null or c."organizationId" = s.organization_id
      where s.provider = ${provider} and s.channel = any(${[...channels]}::text[])
      group by s.id, s.created_at having count(*) = count(c.until) and min(c.until) >= s.created_at
    ) as found where sender.id = found.id and (reconciled_until is null or reconciled_until < found.until)`;
}

/** When the newest sender that the account serves was made: `at`, null for none. */
export function newestSender(provider: Provider, channels: readonly Channel[], organizationId: string | undefined): Prisma.Sql {
  return Prisma.sql`
    select max(created_at) as at from sender where provider = ${provider} and channel = any(${[...channels]}::text[])
      and (${organizationId ?? null}::text is null or organization_id = ${organizationId ?? null})`;
}

/** How many messages or calls of a sender were missing or out of date. */
export interface Recovered {
  readonly organizationId: string;
  readonly channel: Channel;
  readonly address: string;
  readonly count: number;
}

/** Commits with what was recovered. */
export function countRecovered(recovered: readonly Recovered[]): Prisma.Sql {
  return Prisma.sql`
    update sender set recovered_count = recovered_count + x.count
    from json_to_recordset(${JSON.stringify(recovered)}::json) as x("organizationId" text, channel text, address text, count integer)
    where sender.organization_id = x."organizationId" and sender.channel = x.channel and sender.address = x.address`;
}
