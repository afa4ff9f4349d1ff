import { type ActivityDraft } from '../adapters/activity-draft.js';
import { isListed, listKeyOf } from '../adapters/provider-list.js';
import { type NewEvent } from '../feed/append-events.sql.js';
import { type ActivityRow, mergedOfRow, rowOf } from './activity-row.js';
import { addsTo, merge, type Merged, mergedOf } from './merged.js';
import { eventKeyOf, type SourcedDraft } from './sourced-draft.js';

/** The activity that a draft makes. */
export function createdBy(sourced: SourcedDraft, event: NewEvent, now: Date): ActivityRow {
  const { draft, provider, origin } = sourced;
  const own = {
    id: event.activityId!,
    organizationId: event.organizationId,
    channel: draft.channel,
    provider,
    externalId: draft.externalId,
    revision: 1,
    origin: draft.origin ?? origin,
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
    createdSeq: event.seq,
    createdEventId: event.id,
    contactId: null,
    erasedAt: null,
  };
  return rowOf(own, mergedOfDraft(sourced));
}

/** The activity, with what a draft says of it. */
export function grown(row: ActivityRow, sourced: SourcedDraft, now: Date): ActivityRow {
  const { draft } = sourced;
  const origin = row.origin === 'WEBHOOK' && draft.origin ? draft.origin : row.origin;
  return rowOf({ ...touched(row, sourced, now), origin }, merge(mergedOfRow(row), mergedOfDraft(saidOf(row, sourced))));
}

/** What it says of that activity, as far as it counts. */
function saidOf(row: ActivityRow, sourced: SourcedDraft): SourcedDraft {
  const { draft, own } = sourced;
  return row.origin === 'API' && own === undefined ? { ...sourced, draft: { ...draft, facts: measuredOf(draft) } } : sourced;
}

/**
 * Whether another source told it, and it adds nothing: what the list has of an activity that knows as much, and a webhook of what the list told
 * before it. What is dropped so could be merged at any time without a trace, so that neither order of the two shows.
 */
export function isToldAlready(sourced: SourcedDraft, row: ActivityRow, isThere: (key: string) => boolean): boolean {
  const { event } = sourced.draft;
  const listKey = listKeyOf(event.key);
  if (!isListed(event) && (listKey === undefined || !isThere(eventKeyOf(row.id, listKey)))) return false;
  return event.kind === 'STATUS' && !addsTo(mergedOfRow(row), mergedOfDraft(saidOf(row, sourced)));
}

/** What a provider may still tell of what we sent: whom it went to and what it said we know ourselves. */
function measuredOf({ facts: { durationSeconds } }: ActivityDraft): ActivityDraft['facts'] {
  return durationSeconds === undefined ? {} : { durationSeconds };
}

/** With one event more, which says nothing of it but what the provider calls it. */
export function touched(row: ActivityRow, { draft }: SourcedDraft, now: Date): ActivityRow {
  return { ...row, externalId: row.externalId ?? draft.externalId, revision: row.revision + 1, updatedAt: now.toISOString() };
}

/** With the account in front of what it answers: a reference is unique within its provider account. We name what we answer by our own id. */
function mergedOfDraft({ draft, accountId, receivedAt, own }: SourcedDraft): Merged {
  const { replyTo } = draft.facts;
  return mergedOf(
    replyTo === undefined || own !== undefined ? draft : { ...draft, facts: { ...draft.facts, replyTo: `${accountId} ${replyTo}` } },
    receivedAt,
  );
}
