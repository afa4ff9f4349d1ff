import { Prisma } from '../../generated/prisma/client.js';
import { type KeptContent, NAMED_SOMEBODY_ERASED } from './departure.js';

export interface NewSend {
  readonly id: string;
  readonly organizationId: string;
  readonly idempotencyKey: string | null;
  /** Hexadecimal. */
  readonly inputHash: string;
  readonly sentBy: string;
  readonly activityIds: readonly string[];
  readonly createdAt: Date;
}

export interface NewItem {
  readonly activityId: string;
  readonly sendId: string;
  readonly organizationId: string;
  readonly accountId: string;
  readonly state: 'DRAFT' | 'WAITING' | 'ATTEMPTED';
  readonly dueAt: Date;
  readonly paced: boolean;
  readonly attempts: number;
  readonly attemptedBy: string | null;
  readonly content: KeptContent;
}

/** Beside `takeSeqs`, named `head`, so that no key waits for another transaction before its organization is locked. */
export function insertSends(sends: readonly NewSend[]): Prisma.Sql {
  return Prisma.sql`
    insert into send (id, organization_id, idempotency_key, input_hash, sent_by, activity_ids, created_at)
    select id, "organizationId", "idempotencyKey", decode("inputHash", 'hex'), "sentBy", "activityIds", "createdAt"
    from json_to_recordset(${JSON.stringify(sends)}::json) as x(
      id uuid, "organizationId" text, "idempotencyKey" text, "inputHash" text, "sentBy" text, "activityIds" uuid[], "createdAt" timestamptz)
    join head on head.organization_id = "organizationId"`;
}

/** When an attempt was noted is told by the database's clock, which says too when it should have begun: a process's may be minutes off. */
const NOTED_AT = Prisma.sql`clock_timestamp()`;

export function insertItems(items: readonly NewItem[]): Prisma.Sql {
  return Prisma.sql`
    insert into send_item (activity_id, send_id, organization_id, account_id, state, due_at, paced, attempts, attempted_at, attempted_by, content)
    select "activityId", "sendId", "organizationId", "accountId", state, "dueAt", paced, attempts, case state when 'ATTEMPTED' then ${NOTED_AT} end, "attemptedBy", content
    from json_to_recordset(${JSON.stringify(items)}::json) as x(
      "activityId" uuid, "sendId" uuid, "organizationId" text, "accountId" text, state text, "dueAt" timestamptz, paced boolean, attempts integer,
      "attemptedBy" text, content jsonb)`;
}

export interface Noted {
  readonly activityId: string;
  /** What it leaves by. */
  readonly accountId: string;
}

/** What was noted: these attempts begin now. */
export function noteAttempts(items: readonly Noted[], by: string): Prisma.Sql {
  return Prisma.sql`
    update send_item set state = 'ATTEMPTED', account_id = x."accountId", attempts = attempts + 1, attempted_at = ${NOTED_AT}, attempted_by = ${by}
    from json_to_recordset(${JSON.stringify(items)}::json) as x("activityId" uuid, "accountId" text)
    where activity_id = x."activityId" and state = 'WAITING'`;
}

/** Nothing of these leaves any more. */
export function endItems(activityIds: readonly string[]): Prisma.Sql {
  return Prisma.sql`update send_item set state = 'ENDED', content = '{}' where activity_id = any(${[...activityIds]}::uuid[])`;
}

/** Nothing of these leaves any more either, and what became of their attempts the provider's list may tell: of a call, by whom it rang first. */
export function loseItems(activityIds: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    update send_item set state = 'UNKNOWN', content = case when content ? 'call'
      then jsonb_strip_nulls(jsonb_build_object('call', jsonb_build_object('agent', content #> '{call,agent}'))) else '{}' end
    where activity_id = any(${[...activityIds]}::uuid[])`;
}

/** Of somebody who is erased: one whose attempt began may still be in the provider's list, and must not come back from there. */
export function eraseItems(activityIds: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    update send_item set state = case when state in ('ATTEMPTED', 'UNKNOWN') then 'UNKNOWN' else 'ENDED' end, content = '{}'
    where activity_id = any(${[...activityIds]}::uuid[])`;
}

/** An attempt of theirs that began ends as it does, but is the last: of what it would be tried again with nothing is kept. */
export function letGoItems(activityIds: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    update send_item set content = ${JSON.stringify(NAMED_SOMEBODY_ERASED)}::jsonb where activity_id = any(${[...activityIds]}::uuid[]) and state = 'ATTEMPTED'`;
}

export interface Postponed {
  readonly activityId: string;
  readonly dueAt: Date;
}

/** What waits waits until its sender's turn. */
export function postponeItems(items: readonly Postponed[]): Prisma.Sql {
  return Prisma.sql`
    update send_item set due_at = x."dueAt", paced = true
    from json_to_recordset(${JSON.stringify(items)}::json) as x("activityId" uuid, "dueAt" timestamptz)
    where activity_id = x."activityId" and state = 'WAITING'`;
}

export interface Returned extends Postponed {
  /** The attempt that certainly sent nothing. */
  readonly attempt: number;
}

/** What was not sent waits again. Said twice, it must not take back a later attempt; one that another process has given up stays given up. */
export function returnItems(items: readonly Returned[]): Prisma.Sql {
  return Prisma.sql`
    update send_item set state = 'WAITING', due_at = x."dueAt", paced = false, attempted_by = null
    from json_to_recordset(${JSON.stringify(items)}::json) as x("activityId" uuid, "dueAt" timestamptz, attempt integer)
    where activity_id = x."activityId" and state = 'ATTEMPTED' and attempts = x.attempt`;
}

export interface Sender {
  readonly organizationId: string;
  readonly channel: string;
  readonly sender: string;
}

/** How far a sender's turns are given away. */
export interface Turn extends Sender {
  /** The first turn that nobody has. */
  readonly nextAt: Date;
  /** When it may send again, whatever turns were given; null where nothing has left yet. */
  readonly freeAt: Date | null;
}

/** A turn that somebody else gave since they were read is given twice, and then one of the two waits until the sender is free. */
export function writeTurns(turns: readonly Turn[]): Prisma.Sql {
  return Prisma.sql`
    insert into send_pace (organization_id, channel, sender, next_at, free_at)
    select "organizationId", channel, sender, "nextAt", "freeAt"
    from json_to_recordset(${JSON.stringify(turns)}::json) as x("organizationId" text, channel text, sender text, "nextAt" timestamptz, "freeAt" timestamptz)
    on conflict (organization_id, channel, sender) do update set next_at = excluded.next_at, free_at = greatest(send_pace.free_at, excluded.free_at)`;
}
