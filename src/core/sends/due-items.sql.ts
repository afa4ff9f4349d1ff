import { Prisma } from '../../generated/prisma/client.js';
import { type Channel, type Provider } from '../adapters/channel.js';
import { type DepartingFile, type KeptContent } from './departure.js';
import { type Sender } from './write-sends.sql.js';

/** An item that waits and whose time has come, with its activity. */
export interface DueItem {
  readonly activityId: string;
  readonly organizationId: string;
  /** What it was accepted for, or left by the last time. */
  readonly accountId: string;
  readonly attempts: number;
  readonly paced: boolean;
  readonly dueAt: string;
  readonly content: KeptContent;
  readonly channel: Channel;
  readonly provider: Provider;
  readonly from: string;
  readonly to: string;
  readonly subject: string | null;
  readonly body: string | null;
  readonly files: readonly DepartingFile[] | null;
  /** Its address, once one of a domain, was given to another organization. */
  readonly senderTaken: boolean;
  /** Its provider has it: a callback that named it said so after an attempt that was taken for lost. */
  readonly hasLeft: boolean;
}

/** Whether the provider of activity `a` has it, while its item waits. */
export const HAS_LEFT = Prisma.sql`(a.external_id is not null or a.status not in ('DRAFT', 'SCHEDULED', 'QUEUED', 'SENDING'))`;

/** Whether the address of activity `a` is another organization's than item `i` is of, and not its own: with its tag or, where nobody has it so, without. */
const SENDER_TAKEN = Prisma.sql`
  coalesce((select s.organization_id <> i.organization_id from sender as s
    where s.channel = a.channel and s.address in (a."from", regexp_replace(a."from", '^([^+@]+)\\+[^@]*@', '\\1@'))
    order by s.address = a."from" desc limit 1), false)`;

/** What a look leaves for another: of accounts without room, of organizations that somebody holds, and with more bytes of files than there is room for. */
export interface DueElsewhen {
  readonly fullAccounts: readonly string[];
  readonly held: readonly string[];
  readonly bytesLeft: number | undefined;
}

/** Those that are due, the longest first, without a lock. */
export function lookForDue(now: Date, limit: number, { fullAccounts, held, bytesLeft }: DueElsewhen): Prisma.Sql {
  const fits =
    bytesLeft === undefined
      ? Prisma.empty
      : Prisma.sql`and coalesce((select sum(f.size_bytes) from attachment as f where f.activity_id = send_item.activity_id and f.upload_id is not null), 0) <= ${bytesLeft}::bigint`;
  return Prisma.sql`
    select i.activity_id as "activityId", i.organization_id as "organizationId", a.channel, a.provider from (
      select activity_id, organization_id from send_item
      where state = 'WAITING' and due_at <= ${now.toISOString()}::timestamptz and account_id <> all(${[...fullAccounts]}::text[])
        and organization_id <> all(${[...held]}::text[]) ${fits}
      order by due_at, activity_id limit ${limit}::int) as i join activity as a on a.id = i.activity_id`;
}

/** One that was found. */
export type FoundItem = Pick<DueItem, 'activityId' | 'organizationId' | 'channel' | 'provider'>;

/** When the next one of theirs is due: `at`, null for none. */
export function nextDue(fullAccounts: readonly string[]): Prisma.Sql {
  return Prisma.sql`select min(due_at) as at from send_item where state = 'WAITING' and account_id <> all(${[...fullAccounts]}::text[])`;
}

/** The files of the activity of item `i`, an expression. */
export const FILES_OF_ITEM = Prisma.sql`
  (select json_agg(json_build_object('id', f.id, 'uploadId', f.upload_id, 'fileName', f.file_name, 'contentType', f.content_type, 'sizeBytes', f.size_bytes,
          'storedIn', f.stored_in) order by f.id) from attachment as f where f.activity_id = i.activity_id and f.upload_id is not null)`;

/** Those of them that still are, under their organizations' locks. What was erased meanwhile is not. */
export function readDue(activityIds: readonly string[], now: Date): Prisma.Sql {
  return Prisma.sql`
    select json_agg(found) as items from (
      select i.activity_id as "activityId", i.organization_id as "organizationId", i.account_id as "accountId", i.attempts, i.paced, i.due_at as "dueAt", i.content, a.channel, a.provider,
        a."from", a."to", a.subject, a.body,
        ${FILES_OF_ITEM} as files,
        ${SENDER_TAKEN} as "senderTaken",
        ${HAS_LEFT} as "hasLeft"
      from send_item as i join activity as a on a.id = i.activity_id
      where i.activity_id = any(${[...activityIds]}::uuid[]) and i.state = 'WAITING' and i.due_at <= ${now.toISOString()}::timestamptz and a.erased_at is null
      order by i.due_at, i.activity_id) as found`;
}

/** Who attempted what may have left after a backup was made: no process, so that it is gone. */
const BEFORE_THE_RESTORE = 'before the restore';

/**
 * In a restored backup: what was due by now, or just attempted, may have left since the backup was made, and must not leave again. It counts as an
 * attempt without an outcome, also of a process that lives on: that knows of an end which the backup does not.
 */
export const DOUBT_DUE = Prisma.sql`
  update send_item set state = 'ATTEMPTED', attempts = case state when 'WAITING' then attempts + 1 else attempts end,
    attempted_at = case state when 'WAITING' then due_at else attempted_at end, attempted_by = ${BEFORE_THE_RESTORE}
  where state = 'ATTEMPTED' or (state = 'WAITING' and due_at <= now())`;

/**
 * Attempts without an outcome whose process is gone, by the lock it held while it lived, or that nobody can be at any more. A process that has
 * just begun, or whose connection was cut, may not hold its lock for a moment. `without`: activities that are being seen to.
 */
export function lookForLost(
  processName: string,
  isGone: (name: Prisma.Sql) => Prisma.Sql,
  without: readonly string[],
  limit: number,
): Prisma.Sql {
  return Prisma.sql`
    with working as materialized (select distinct attempted_by as name from send_item where state = 'ATTEMPTED'),
    gone as materialized (select name from working where name <> ${processName} and ${isGone(Prisma.sql`name`)})
    select i.activity_id as "activityId", i.organization_id as "organizationId", i.account_id as "accountId", a.channel, a.provider, a."from", a."to",
      i.attempted_by = ${BEFORE_THE_RESTORE} as "isRestored"
    from send_item as i join activity as a on a.id = i.activity_id
    where i.state = 'ATTEMPTED' and i.activity_id <> all(${[...without]}::uuid[]) and (
      (i.attempted_by in (select name from gone) and i.attempted_at < now() - interval '8 seconds') or i.attempted_at < now() - interval '10 minutes')
    order by i.attempted_at, i.activity_id limit ${limit}::int`;
}

export interface LostItem extends Pick<DueItem, 'activityId' | 'organizationId' | 'accountId' | 'channel' | 'provider' | 'from' | 'to'> {
  /** Whether it is one of `DOUBT_DUE`. */
  readonly isRestored?: boolean;
}

/** Attempts that this process noted and should have begun by now: their ids, and which attempts they are. */
export function lookForOwn(processName: string): Prisma.Sql {
  return Prisma.sql`
    select i.activity_id as "activityId", i.organization_id as "organizationId", i.account_id as "accountId", i.attempts as attempt, a.channel, a.provider, a."from", a."to"
    from send_item as i join activity as a on a.id = i.activity_id
    where i.state = 'ATTEMPTED' and i.attempted_by = ${processName} and i.attempted_at < now() - interval '20 seconds'`;
}

export type OwnItem = LostItem & { readonly attempt: number };

/** Whether a turn of sender `p` is anybody's: those that were canceled keep none. */
const SOMEBODY_WAITS = Prisma.sql`exists (
  select from send_item as i join activity as a on a.id = i.activity_id
  where i.state = 'WAITING' and i.paced and i.organization_id = p.organization_id and a.channel = p.channel and a."from" = p.sender)`;

/** How far the turns of these senders are given away; of one for whom nobody waits any more, not at all. */
export function readTurns(senders: readonly Sender[]): Prisma.Sql {
  return Prisma.sql`
    select p.organization_id as "organizationId", p.channel, p.sender,
      case when p.next_at <= now() or ${SOMEBODY_WAITS} then p.next_at else now() end as "nextAt", p.free_at as "freeAt" from send_pace as p
    where (p.organization_id, p.channel, p.sender) in (
      select "organizationId", channel, sender from json_to_recordset(${JSON.stringify(senders)}::json) as x("organizationId" text, channel text, sender text))`;
}
