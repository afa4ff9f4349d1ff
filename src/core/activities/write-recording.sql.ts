import { Prisma } from '../../generated/prisma/client.js';
import { together } from '../../platform/database/together.sql.js';
import { insertContacts, insertIdentities, renameProfiles } from '../contacts/write-contacts.sql.js';
import { writeConsents, writeHeard } from '../contacts/write-consents.sql.js';
import { appendEvents } from '../feed/append-events.sql.js';
import { takeSeqs } from '../feed/feed-head.sql.js';
import { type RecordPlan } from './record-plan.js';
import { insertActivities, insertHtmls, insertReferences, updateActivities } from './write-activities.sql.js';

/**
 * All that a plan writes and `others` beside it, as one statement that returns the organizations' `bases`, and raises a serialization failure where
 * what it stands on does not hold. `standing`: what else must hold, an expression that raises where it does not.
 */
export function writeRecording(plan: RecordPlan, others: Readonly<Record<string, Prisma.Sql>>, standing: Prisma.Sql): Prisma.Sql {
  const { created, grown, references, events, htmls, taken, contacts, consents, heard } = plan;
  return together(
    {
      head: takeSeqs(taken),
      ...(created.length && insertActivities(created)),
      ...(events.length && { events: appendEvents(events) }),
      ...(grown.length && updateActivities(grown)),
      ...(references.length && { references_new: insertReferences(references) }),
      ...(htmls.length && { htmls: insertHtmls(htmls) }),
      ...(contacts.created.size && { contacts: insertContacts([...contacts.created.values()], new Date()) }),
      ...(contacts.identities.length && { identities: insertIdentities(contacts.identities) }),
      ...(contacts.names.size && { names: renameProfiles([...contacts.names.values()]) }),
      ...(consents.length && { consents: writeConsents(consents) }),
      ...(heard.length && { heard: writeHeard(heard) }),
      ...others,
    },
    Prisma.sql`select require_all((select count(*) from head), ${taken.length}::bigint) as heads,
        require_all(${grown.length ? Prisma.sql`(select count(*) from grown)` : Prisma.sql`0`}, ${grown.length}::bigint) as changes,
        ${sameMerges(plan)} as contacts,
        ${standing} as standing,
        (select json_agg(json_build_array(organization_id, base)) from head) as bases`,
  );
}

/** That no contacts were merged or erased since they were read. */
function sameMerges({ taken, contacts }: RecordPlan): Prisma.Sql {
  const expected = taken.flatMap(({ organizationId }) => {
    const merges = contacts.merges.get(organizationId);
    return merges === undefined ? [] : [{ organizationId, merges }];
  });
  if (!expected.length) return Prisma.sql`true`;
  return Prisma.sql`require_all((select count(*) from head
    join json_to_recordset(${JSON.stringify(expected)}::json) as expected("organizationId" text, merges integer)
    on expected."organizationId" = head.organization_id and expected.merges = head.merges), ${expected.length}::bigint)`;
}

/** That nothing of the organization was committed between the look, or else the statement's own snapshot, and its lock. */
export function sameSeq({ taken }: RecordPlan, seq: number | undefined): Prisma.Sql {
  const seen =
    seq === undefined
      ? Prisma.sql`(select seq from feed_head as seen where seen.organization_id = head.organization_id)`
      : Prisma.sql`${seq}::bigint`;
  return Prisma.sql`require_all((select count(*) from head where head.base = ${seen}), ${taken.length}::bigint)`;
}
