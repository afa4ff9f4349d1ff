import { Prisma } from '../../generated/prisma/client.js';
import { ADVISORY_LOCKS } from '../../platform/database/advisory-locks.js';

/** An address of one channel as the ledger and the locks name it: `SMS:+15005550006`. */
export function addressName(channel: string, address: string): string {
  return `${channel}:${address}`;
}

/** Few keys, so that a batch of thousands of addresses stays within the lock table. */
const LOCK_KEYS = 512;

/**
 * Locks addresses until the transaction ends, sorted, so that two batches cannot deadlock. Taken by whoever claims an address
 * and by whoever stores a delivery for an address it found unclaimed. Two addresses may share a key: they only wait longer.
 */
export async function lockAddresses(tx: Prisma.TransactionClient, names: readonly string[]): Promise<void> {
  await tx.$queryRaw`
    select count(pg_advisory_xact_lock(${ADVISORY_LOCKS.ADDRESSES}::int, key)) from (
      select distinct abs(hashtext(name) % ${LOCK_KEYS}::int) as key from unnest(${[...names]}::text[]) as name order by key
    ) as keys`;
}

/** A sender for each address that has one: `name` is the address's, as `addressName` gives it. */
export function sendersOf(names: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    select channel || ':' || address as name, organization_id from sender
    where (channel, address) in (select split_part(name, ':', 1), substr(name, strpos(name, ':') + 1) from unnest(${[...names]}::text[]) as name)`;
}
