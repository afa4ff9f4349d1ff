import { Prisma } from '../../generated/prisma/client.js';
import { LIST, WEBHOOK } from '../adapters/provider-list.js';
import { sendersOf } from '../organizations/address-lock.sql.js';
import { ACTIVITY_COLUMNS } from './activity-columns.sql.js';
import { type ActivityRow } from './activity-row.js';
import { type Known } from './known.js';
import { addressesOf, eventKeyOf, ownIdOf, referenceName, referenceValueOf, type SourcedDraft } from './sourced-draft.js';

/** One row for each reference that a draft names, its own and that of what it is part of. */
function wanted(drafts: readonly SourcedDraft[]): Prisma.Sql {
  const rows = drafts.flatMap(({ provider, accountId, draft }) =>
    [referenceValueOf(draft), draft.parent].flatMap((value) =>
      value === undefined ? [] : [[provider, accountId, value, draft.event.key]],
    ),
  );
  const column = (n: number) => Prisma.sql`${rows.map((row) => row[n]!)}::text[]`;
  return Prisma.sql`unnest(${column(0)}, ${column(1)}, ${column(2)}, ${column(3)}) as wanted(provider, account_id, value, key)`;
}

/** One row for each activity that a draft names by our own id. */
function wantedOwn(drafts: readonly SourcedDraft[]): Prisma.Sql {
  const rows = drafts.flatMap(({ draft }) => {
    const id = ownIdOf(draft);
    return id === undefined ? [] : [[id, draft.event.key] as const];
  });
  return Prisma.sql`unnest(${rows.map(([id]) => id)}::uuid[], ${rows.map(([, key]) => key)}::text[]) as own(activity_id, key)`;
}

/**
 * `limit 1` keeps this a look-up by the primary key for each draft: as a join, a plan made while the table was small would
 * go on reading the whole of it when it is not.
 */
const KNOWN_REFERENCE = Prisma.sql`cross join lateral (
    select r.organization_id, r.activity_id from reference as r
    where r.provider = wanted.provider and r.account_id = wanted.account_id and r.value = wanted.value limit 1) as known`;

/** What the list would have told with another key: `listKeyOf`, as SQL. Of mails, which come by the thousand, no provider has a list. */
const LIST_KEYS = Prisma.sql`select activity_id, ${LIST} || substr(key, ${WEBHOOK.length + 1}::int) from asked
  where starts_with(key, ${WEBHOOK}) and not starts_with(key, ${`${WEBHOOK}email/`})`;

/** A query of the organizations that the drafts belong to: by an id already known, by an address, by default. */
export function organizationsOf(drafts: readonly SourcedDraft[], defaultOrganization: string | undefined): Prisma.Sql {
  return Prisma.sql`
    select known.organization_id from ${wanted(drafts)} ${KNOWN_REFERENCE}
    union select activity.organization_id from ${wantedOwn(drafts)} join activity on activity.id = own.activity_id
    union select organization_id from (${sendersOf(namesOf(drafts))}) as owned
    union select ${defaultOrganization ?? null}::text`;
}

/** All that recording needs to know of the past, as one JSON: references, senders, activities, and which events are there. */
export function readKnown(drafts: readonly SourcedDraft[]): Prisma.Sql {
  return Prisma.sql`
    with known as materialized (select wanted.*, known.* from ${wanted(drafts)} ${KNOWN_REFERENCE}),
    asked as (select activity_id, key from known union select activity_id, key from ${wantedOwn(drafts)}),
    pairs as (select activity_id, key from asked union all ${LIST_KEYS}),
    ids as (select distinct activity_id from pairs)
    select json_build_object(
      'references', (select json_agg(json_build_array(provider, account_id, value, organization_id, activity_id)) from known),
      'senders', (select json_agg(owned) from (${sendersOf(namesOf(drafts))}) as owned),
      'activities', (select json_agg(row) from ids cross join lateral (select ${ACTIVITY_COLUMNS} from activity where id = ids.activity_id limit 1) as row),
      'keys', (select json_agg(json_build_array(activity_id, key)) from pairs
               cross join lateral (select 1 from event where event.activity_id = pairs.activity_id and event.key = pairs.key limit 1) as there)
    ) as known`;
}

export interface KnownJson {
  readonly references: [provider: string, accountId: string, value: string, organizationId: string, activityId: string][] | null;
  readonly senders: { name: string; organization_id: string }[] | null;
  readonly activities: ActivityRow[] | null;
  readonly keys: [string, string][] | null;
}

export function knownOf(
  json: KnownJson | undefined,
  locked: ReadonlySet<string> | undefined,
  defaultOrganization: string | undefined,
): Known {
  return {
    references: new Map(
      (json?.references ?? []).map(([provider, accountId, value, organizationId, activityId]) => [
        referenceName(provider, accountId, value),
        { organizationId, activityId },
      ]),
    ),
    senders: new Map((json?.senders ?? []).map((s) => [s.name, s.organization_id])),
    activities: new Map((json?.activities ?? []).map((row) => [row.id, row])),
    eventKeys: new Set((json?.keys ?? []).map(([activityId, key]) => eventKeyOf(activityId, key))),
    contacts: new Map(),
    locked,
    defaultOrganization,
  };
}

function namesOf(drafts: readonly SourcedDraft[]): string[] {
  return [...new Set(drafts.flatMap((sourced) => addressesOf(sourced.draft)))];
}
