import { hash } from 'node:crypto';
import { Prisma } from '../../generated/prisma/client.js';
import { LONGEST_KEY } from './read-request.js';

const LENGTH = LONGEST_KEY + 1;

/**
 * What stands for an idempotency key, which may name whom the send was for, once all of them are erased: it still finds the send, so that a repeated one is no
 * second send. Longer than any key, so that it is nobody's. `eraseKeys` says the same in SQL.
 */
export function erasedKeyOf(organizationId: string, key: string): string {
  return `sha256:${hash('sha256', `${organizationId}\n${key}`, 'hex')}`.padEnd(LENGTH);
}

/** The keys of the sends that have nobody left as `activityIds` become shells. */
export function eraseKeys(activityIds: readonly string[]): Prisma.Sql {
  const ids = Prisma.sql`${[...activityIds]}::uuid[]`;
  const erased = Prisma.sql`rpad('sha256:' || encode(sha256(convert_to(organization_id || E'\n' || idempotency_key, 'UTF8')), 'hex'), ${LENGTH}::integer)`;
  return Prisma.sql`
    update send set idempotency_key = ${erased}
    where id in (select send_id from send_item where activity_id = any(${ids})) and length(idempotency_key) < ${LENGTH}::integer and not exists (
      select from activity as other where other.id = any(send.activity_ids) and other.erased_at is null and other.id not in (select unnest(${ids})))`;
}
