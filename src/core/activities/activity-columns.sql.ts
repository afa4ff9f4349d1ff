import { Prisma } from '../../generated/prisma/client.js';

/** A body of more bytes is read by itself (`TextsService`): a page of hundreds of mails with a megabyte each would come in no time that anybody waits. */
const LARGE_BODY_BYTES = 16 << 10;

const ALL_BUT_BODY = Prisma.sql`id, organization_id as "organizationId", channel, provider, external_id as "externalId", direction, status, revision, origin,
  "from", "to", subject, duration_seconds as "durationSeconds", reply_to as "replyTo", reactions, error, milestones, metadata, provenance, occurred_at as "occurredAt", occurred_at_estimated as "occurredAtEstimated",
  created_at as "createdAt", updated_at as "updatedAt", created_seq as "createdSeq", created_event_id as "createdEventId", contact_id as "contactId", erased_at as "erasedAt"`;

/** The columns of an activity as ActivityRow has them. */
export const ACTIVITY_COLUMNS = Prisma.sql`${ALL_BUT_BODY}, body`;

/** As many of them are read at once, to be told: a large body left out, with whether there are files. */
export const TOLD_COLUMNS = Prisma.sql`${ALL_BUT_BODY}, case when octet_length(body) <= ${LARGE_BODY_BYTES}::int then body end as body,
  octet_length(body) > ${LARGE_BODY_BYTES}::int as "isBodyLarge", exists (select from attachment as f where f.activity_id = activity.id) as "hasFiles"`;
