import { Prisma } from '../../generated/prisma/client.js';
import { type Channel, type Provider } from '../adapters/channel.js';

/** A list by its account and the channel of the adapter that has it. */
export interface ListName {
  readonly provider: Provider;
  readonly accountId: string;
  readonly channel: Channel;
}

const isIt = ({ provider, accountId, channel }: ListName): Prisma.Sql =>
  Prisma.sql`provider = ${provider} and account_id = ${accountId} and channel = ${channel}`;

const rowsOf = (lists: readonly ListName[]): Prisma.Sql =>
  Prisma.sql`json_to_recordset(${JSON.stringify(lists.map(({ provider, accountId, channel }) => ({ provider, accountId, channel })))}::json)
    as x(provider text, "accountId" text, channel text)`;

/** Each has a position from then on, and is due at once; with `again` those that had one are too. */
export function ensurePositions(lists: readonly ListName[], again: boolean): Prisma.Sql {
  const known = again ? Prisma.sql`update set due_at = excluded.due_at` : Prisma.sql`nothing`;
  return Prisma.sql`
    insert into reconciliation (provider, account_id, channel, due_at) select provider, "accountId", channel, now() from ${rowsOf(lists)}
    on conflict (provider, account_id, channel) do ${known}`;
}

/** Those of them whose time has come, the longest first. */
export function lookForDueLists(lists: readonly ListName[]): Prisma.Sql {
  return Prisma.sql`
    select provider, "accountId", channel from ${rowsOf(lists)} join reconciliation as r using (provider, channel)
    where r.account_id = x."accountId" and r.due_at <= now() order by r.due_at`;
}

export interface ClaimedPosition {
  readonly until: Date | null;
  readonly lookedBackAt: Date | null;
  /** By the database's clock, as all of these. */
  readonly now: Date;
  readonly newestSenderAt: Date | null;
}

/** No row where it is not due any more, or another process that lives compares it. `newestSender`: a query of `at`. */
export function claimPosition(list: ListName, by: string, isGone: (name: Prisma.Sql) => Prisma.Sql, newestSender: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    update reconciliation set listed_by = ${by}
    where ${isIt(list)} and due_at <= now() and (listed_by is null or listed_by = ${by} or ${isGone(Prisma.sql`listed_by`)})
    returning until, looked_back_at as "lookedBackAt", now() as now, (select at from (${newestSender}) as newest) as "newestSenderAt"`;
}

/** All that was listed up to then is recorded. */
export function movePosition(list: ListName, until: Date): Prisma.Sql {
  return Prisma.sql`
    update reconciliation set until = greatest(until, ${until.toISOString()}::timestamptz) where ${isIt(list)}`;
}

/** Another may compare it, after a while. `lookedBackAt`: null where that is as it was. */
export function releasePosition(list: ListName, by: string, inMs: number, lookedBackAt: Date | null): Prisma.Sql {
  return Prisma.sql`
    update reconciliation set listed_by = null, due_at = now() + ${inMs}::float8 * interval '1 millisecond',
      looked_back_at = greatest(looked_back_at, ${lookedBackAt?.toISOString() ?? null}::timestamptz)
    where ${isIt(list)} and listed_by = ${by}`;
}
