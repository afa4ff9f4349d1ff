import { randomBytes } from 'node:crypto';
import { type TestDatabase } from './database.js';

/** Makes the database refuse an activity whose row (`new`) fits the condition, with an SQLSTATE; what it returns ends that. */
export async function refuseActivities(database: TestDatabase, condition: string, sqlState: string): Promise<() => Promise<void>> {
  return trigger(database, 'activity', `if ${condition} then raise exception 'refused by the test' using errcode = '${sqlState}'; end if`);
}

/** Ends the next `times` transactions that write an activity with an SQLSTATE, and none after them. */
export async function abortActivities(database: TestDatabase, times: number, sqlState: string): Promise<() => Promise<void>> {
  const counter = `tries_${randomBytes(4).toString('hex')}`;
  await database.query(`create sequence ${counter}`); // what counts must outlive the transaction
  return trigger(
    database,
    'activity',
    `if nextval('${counter}') <= ${times} then raise exception 'aborted by the test' using errcode = '${sqlState}'; end if`,
  );
}

/** Makes every commit that stores a delivery take so long, at its very end. */
export async function slowCommits(database: TestDatabase, seconds: number): Promise<() => Promise<void>> {
  return trigger(database, 'delivery', `perform pg_sleep(${seconds})`, true);
}

async function trigger(database: TestDatabase, table: string, statement: string, atCommit = false): Promise<() => Promise<void>> {
  const name = `trouble_${randomBytes(4).toString('hex')}`;
  await database.query(`create function ${name}() returns trigger language plpgsql as $$ begin ${statement}; return new; end $$`);
  await database.query(
    atCommit
      ? `create constraint trigger ${name} after insert on ${table} deferrable initially deferred for each row execute function ${name}()`
      : `create trigger ${name} before insert on ${table} for each row execute function ${name}()`,
  );
  return async () => {
    await database.query(`drop function ${name}() cascade`);
  };
}

/** Holds an organization's write lock, as another process would, until what it returns is called. */
export async function holdLock(database: TestDatabase, organizationId: string): Promise<() => Promise<void>> {
  const client = await database.connect();
  await client.query('begin');
  await client.query('select 1 from feed_head where organization_id = $1 for update', [organizationId]);
  return async () => {
    await client.query('rollback');
    await client.end();
  };
}
