import { Prisma } from '../../generated/prisma/client.js';
import { MOST_ATTEMPTS, type Task } from './task.js';

/**
 * An expression that adds a job of a task, for the RETURNING of the statement that writes what the job is about: both are committed
 * or neither is. `payload`: the JSON of the task's payload, an expression too.
 */
export function addJob(task: Pick<Task<never>, 'name'>, payload: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(graphile_worker.add_job(${task.name}::text, payload => (${payload})::json, max_attempts => ${MOST_ATTEMPTS}::int)).id`;
}
