import { type Provider } from '../adapters/channel.js';
import { type NewEvent } from '../feed/append-events.sql.js';
import { type SeqsTaken } from '../feed/feed-head.sql.js';
import { type Heard, type NewConsent } from '../contacts/consent.js';
import { type ContactPlan } from '../contacts/contact-plan.js';
import { type ActivityRow } from './activity-row.js';
import { type Outcome } from './outcome.js';
import { REFERENCE } from './sourced-draft.js';

/** What is to be written, and what became of each draft, in the order they were given. */
export interface RecordPlan {
  readonly outcomes: readonly Outcome[];
  readonly created: readonly CreatedActivity[];
  readonly grown: readonly GrownActivity[];
  /** Of emails, by activity. */
  readonly htmls: readonly { readonly activityId: string; readonly html: string }[];
  /** Without those that `created` tells of. */
  readonly references: readonly NewReference[];
  /** Without those that `created` and `grown` tell of. Seqs count from 1 above what the organization's head is when it is written. */
  readonly events: readonly NewEvent[];
  readonly taken: readonly SeqsTaken[];
  /** Whose the activities are. With `missing` or `joins` in it nothing of the plan may be written. */
  readonly contacts: ContactPlan;
  readonly consents: readonly NewConsent[];
  readonly heard: readonly Heard[];
}

/** A provider's id, and the activity it is of. */
export interface NewReference {
  readonly provider: Provider;
  readonly accountId: string;
  readonly value: string;
  readonly organizationId: string;
  readonly activityId: string;
}

/**
 * A new activity; `createdSeq` counts like the seqs of events. Where one event is all that happened to it, and as it began, it says all of that event
 * and of its reference but this `creation`, and they are written from it (`value` is null where it has none yet); null where it grew at
 * once or ended, and they are told by themselves.
 */
export interface CreatedActivity {
  readonly row: ActivityRow;
  readonly creation:
    | (Pick<NewEvent, 'key' | 'receivedAt' | 'deliveryId'> & { readonly accountId: string; readonly value: string | null })
    | null;
}

/** An activity that changes, as it was and must still be, and as it becomes; with its event, where one is all that happened to it. */
export interface GrownActivity {
  readonly before: ActivityRow;
  readonly row: ActivityRow;
  readonly event: NewEvent | null;
}

/** The addresses whose sender would route what is unrouted. */
export function waitingOf({ outcomes }: RecordPlan): string[] {
  const names = outcomes.flatMap((outcome) => ('waitsFor' in outcome ? outcome.waitsFor : []));
  return [...new Set(names)].filter((name) => !name.startsWith(REFERENCE));
}
