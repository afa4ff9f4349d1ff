import { Prisma } from '../../generated/prisma/client.js';
import { type Queries } from '../../platform/database/direct-queries.service.js';
import { newId } from '../../platform/database/new-id.service.js';
import { together } from '../../platform/database/together.sql.js';
import { type ContactJoin } from '../contacts/contact-plan.js';
import { mergeContacts } from '../contacts/write-contacts.sql.js';
import { appendEvents } from '../feed/append-events.sql.js';
import { countMerge, takeSeqs } from '../feed/feed-head.sql.js';
import { type FeedNotice } from '../feed/pub-sub.js';
import { contactEvent } from './contact-event.js';

/** Makes one contact of two, with their activities, and tells the feed. The organization's head must be held. */
export async function joinContacts(tx: Queries, { organizationId, keepId, mergeId }: ContactJoin): Promise<FeedNotice> {
  const event = {
    ...contactEvent(mergeId, 'merged', new Date(), { mergedIntoId: keepId }),
    organizationId,
    seq: 1,
    id: newId(),
  };
  const [{ last }] = await tx.$queryRaw<[{ last: bigint }]>(
    together(
      {
        head: takeSeqs([{ organizationId, count: 1 }]),
        events: appendEvents([event]),
        activities_moved: Prisma.sql`update activity set contact_id = ${keepId}::uuid where contact_id = ${mergeId}::uuid`,
        ...mergeContacts(keepId, mergeId),
      },
      Prisma.sql`select base + 1 as last from head`,
    ),
  );
  await tx.$queryRaw(countMerge(organizationId));
  return { organizationId, last: Number(last) };
}
