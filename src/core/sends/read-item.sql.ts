import { Prisma } from '../../generated/prisma/client.js';
import { type ActivityRow } from '../activities/activity-row.js';
import { type DepartingFile, type KeptContent } from './departure.js';
import { FILES_OF_ITEM, HAS_LEFT } from './due-items.sql.js';

/** How far an activity of ours has come. */
export interface SentItem {
  readonly accountId: string;
  readonly state: 'DRAFT' | 'WAITING' | 'ATTEMPTED' | 'UNKNOWN' | 'ENDED';
  /** Its provider has it, even where it waits to be tried again. */
  readonly hasLeft: boolean;
  readonly dueAt: string;
  readonly content: KeptContent;
  readonly activity: Pick<
    ActivityRow,
    'id' | 'organizationId' | 'channel' | 'provider' | 'externalId' | 'status' | 'from' | 'to' | 'subject'
  >;
  readonly files: readonly DepartingFile[] | null;
}

export function readItem(activityId: string): Prisma.Sql {
  return Prisma.sql`
    select i.account_id as "accountId", i.state, ${HAS_LEFT} as "hasLeft", to_json(i.due_at) as "dueAt", i.content, json_build_object('id', a.id, 'organizationId', a.organization_id,
      'channel', a.channel, 'provider', a.provider, 'externalId', a.external_id, 'status', a.status, 'from', a."from", 'to', a."to", 'subject', a.subject) as activity, ${FILES_OF_ITEM} as files
    from send_item as i join activity as a on a.id = i.activity_id where i.activity_id = ${activityId}::uuid`;
}

/** One that has not left, or may be tried again, and is somebody's or names them beside its recipient. */
export type UnsentItem = Pick<SentItem, 'accountId' | 'state' | 'hasLeft'> &
  Pick<ActivityRow, 'organizationId' | 'channel' | 'provider'> & { readonly activityId: string };

/**
 * Those of an organization that have not left, or may be tried again, and are among `activityIds`, or name one of the addresses in copy, as whom
 * to answer, or as the agent of a call. A mail keeps them in lower case, as identities do. Reads all of the organization's items, nearly all of which are empty by then: no
 * index says whom they name.
 */
export function readUnsent(organizationId: string, activityIds: readonly string[], addresses: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    select i.activity_id as "activityId", i.organization_id as "organizationId", i.account_id as "accountId", i.state, ${HAS_LEFT} as "hasLeft", a.channel, a.provider
    from send_item as i join activity as a on a.id = i.activity_id
    where i.organization_id = ${organizationId} and i.state in ('DRAFT', 'WAITING', 'ATTEMPTED') and a.erased_at is null and (
      i.activity_id = any(${[...activityIds]}::uuid[]) or i.content #>> '{call,agent}' = any(${[...addresses]}::text[]) or exists (
        select from jsonb_path_query(i.content, '$.mail.*[*]') as named where named #>> '{}' = any(${[...addresses]}::text[])))`;
}

/** A draft that was approved: it waits like any other. */
export function approveItem(
  activityId: string,
  { approvedBy, dueAt, content }: { readonly approvedBy: string; readonly dueAt: Date; readonly content: KeptContent },
): Prisma.Sql {
  return Prisma.sql`
    update send_item set state = 'WAITING', approved_by = ${approvedBy}, due_at = ${dueAt.toISOString()}::timestamptz, content = ${JSON.stringify(content)}::jsonb
    where activity_id = ${activityId}::uuid`;
}

/** Who sent activities of ours, and by what. */
export interface SentBy {
  readonly activityId: string;
  readonly sendId: string;
  readonly recipients: number;
  readonly sentBy: string;
  readonly approvedBy: string | null;
  readonly idempotencyKey: string | null;
  /** When it leaves, while it waits. */
  readonly dueAt: Date;
}

export function readSentBy(activityIds: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    select i.activity_id as "activityId", s.id as "sendId", cardinality(s.activity_ids) as recipients, s.sent_by as "sentBy", i.approved_by as "approvedBy",
      s.idempotency_key as "idempotencyKey", i.due_at as "dueAt"
    from send_item as i join send as s on s.id = i.send_id where i.activity_id = any(${[...activityIds]}::uuid[])`;
}
