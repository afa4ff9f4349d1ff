import { Prisma } from '../../generated/prisma/client.js';

/** The HTML of those that have one. */
export function htmlsOf(ids: readonly string[]): Prisma.Sql {
  return Prisma.sql`select activity_id as "activityId", html as text from activity_html where activity_id = any(${[...ids]}::uuid[])`;
}

/** The bodies of those that have one. */
export function bodiesOf(ids: readonly string[]): Prisma.Sql {
  return Prisma.sql`select id as "activityId", body as text from activity where id = any(${[...ids]}::uuid[]) and body is not null`;
}
