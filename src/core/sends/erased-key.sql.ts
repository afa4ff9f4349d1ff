import { Prisma } from '../../generated/prisma/client.js';
import { LONGEST_KEY } from './read-request.js';

/**
 * What stands for an idempotency key, which may name whom the send was for, once all of them are erased: it still finds the send, so that a repeated one is no
 * second send. Longer than any key, so that it is nobody's. Both are expressions of text.
 */
export function erasedKey(organizationId: Prisma.Sql, key: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`rpad('sha256:' || encode(sha256(convert_to(${organizationId} || E'\n' || ${key}, 'UTF8')), 'hex'), ${LONGEST_KEY + 1}::integer)`;
}

/** The keys of the sends that have nobody left as `activityIds` become shells. */
export function eraseKeys(activityIds: readonly string[]): Prisma.Sql {
  const ids = Prisma.sql`${[...activityIds]}::uuid[]`;
  return Prisma.sql`
    update send set idempotency_key = ${erasedKey(Prisma.sql`organization_id`, Prisma.sql`idempotency_key`)}
    where id in (select send_id from send_item where activity_id = any(${ids})) and length(idempotency_key) <= ${LONGEST_KEY}::integer and not exists (
      select from activity as other where other.id = any(send.activity_ids) and other.erased_at is null and other.id not in (select unnest(${ids})))`;
}
