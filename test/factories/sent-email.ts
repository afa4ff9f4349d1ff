import { randomUUID } from 'node:crypto';
import { SENDGRID_ACCOUNT } from '../../src/providers/sendgrid/sendgrid-account.js';
import { emailReference } from '../../src/core/adapters/email-reference.js';
import { type GivenActivity } from '../fixtures/read-cases.js';
import { type TestDatabase } from '../support/database.js';

/**
 * Emails as a send leaves them once SendGrid took it: SENT, with the X-Message-Id, and known by it and their recipient. Written as rows,
 * because this version does not send yet; what a webhook makes of them is what is tested.
 */
export async function insertSentEmails(database: TestDatabase, emails: readonly GivenActivity[]): Promise<void> {
  const rows = emails.map(({ organization, externalId, to, ...email }) => ({
    ...email,
    organization,
    to,
    externalId,
    reference: emailReference(externalId, to),
    eventId: randomUUID(),
  }));
  await database.query(
    `with rows as (
       select x.*, head.seq + row_number() over (partition by organization order by x.id) as seq
       from json_to_recordset($1::json) as x(id uuid, organization text, "externalId" text, "from" text, "to" text, reference text, "eventId" uuid)
       join feed_head as head on head.organization_id = organization
     ), activities as (
       insert into activity (id, organization_id, channel, provider, external_id, direction, status, revision, origin, "from", "to", subject, body, milestones, metadata,
         provenance, occurred_at, occurred_at_estimated, created_at, updated_at, created_seq, created_event_id)
       select id, organization, 'EMAIL', 'SENDGRID', "externalId", 'OUTBOUND', 'SENT', 1, 'API', "from", "to", 'given', 'given',
         jsonb_build_object('SENT', jsonb_build_array((extract(epoch from now()) * 1000)::bigint, 0)), '{}', '{"orders":["07  api/sent"],"fields":{}}', now(), false, now(), now(),
         seq, "eventId" from rows
     ), events as (
       insert into event (organization_id, seq, id, activity_id, channel, key, kind, status, occurred_at, occurred_at_estimated, received_at, metadata)
       select organization, seq, "eventId", id, 'EMAIL', 'api/sent', 'CREATED', 'SENT', now(), false, now(), '{}' from rows
     ), refs as (
       insert into reference (provider, account_id, value, organization_id, activity_id) select 'SENDGRID', $2, reference, organization, id from rows
     )
     update feed_head set seq = last from (select organization, max(seq) as last from rows group by organization) as taken where organization_id = organization`,
    [JSON.stringify(rows), SENDGRID_ACCOUNT],
  );
}
