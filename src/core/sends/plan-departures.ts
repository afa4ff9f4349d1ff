import { type OwnErrorCode } from '../activities/own-errors.js';
import { type SourcedDraft } from '../activities/sourced-draft.js';
import { Channel } from '../adapters/channel.js';
import { type Departure } from './departure.js';
import { type DueItem } from './due-items.sql.js';
import { ownDraft } from './own-draft.js';
import { type Pacing } from './pacing.js';
import { type Room, sizeOf } from './room.js';
import { judge, type Refusal, type SendFacts } from './send-rules.js';
import { type Postponed } from './write-sends.sql.js';

export interface DeparturesPlan {
  readonly drafts: readonly SourcedDraft[];
  readonly departures: readonly Departure[];
  /** Those whose sender's turn is later. */
  readonly postponed: readonly Postponed[];
  /** Those that the rules hold back now, and those that have left. */
  readonly ended: readonly string[];
}

/**
 * What of the items that are due leaves: the rules are judged again, for what was true when it was accepted need not be now. `accounts`: what
 * each would leave by if it were sent now; undefined where nothing can send it.
 */
export function planDepartures(
  items: readonly DueItem[],
  facts: readonly SendFacts[],
  accounts: readonly (string | undefined)[],
  { pacing, room, now }: { readonly pacing: Pacing; readonly room: Room; readonly now: Date },
): DeparturesPlan {
  const plan = { drafts: [] as SourcedDraft[], departures: [] as Departure[], postponed: [] as Postponed[], ended: [] as string[] };
  for (const [i, item] of items.entries()) {
    const { files, attempts, paced, dueAt, senderTaken, hasLeft, ...activity } = item;
    if (hasLeft) {
      plan.ended.push(item.activityId);
      continue;
    }
    const accountId = accounts[i];
    const held = senderTaken ? SENDER_TAKEN : heldBy(item, facts[i]!, now);
    if (held || accountId === undefined) {
      plan.drafts.push(heldBack(item, held ?? NOBODY_SENDS, now));
      plan.ended.push(item.activityId);
      continue;
    }
    const turn = paced ? pacing.afterTurn(item, new Date(dueAt), now) : pacing.take(item, now);
    if (turn > now) {
      plan.postponed.push({ activityId: item.activityId, dueAt: turn });
      continue;
    }
    // What finds no room stays as it is, and is found again.
    if (!room.take({ accountId, sizeBytes: sizeOf(files ?? []) })) continue;
    pacing.left(item, now);
    if (item.channel !== Channel.VOICE) plan.drafts.push(ownDraft({ ...item, accountId }, { step: 'sending', status: 'SENDING', at: now }));
    plan.departures.push({ ...activity, accountId, files: files ?? [], attempt: attempts + 1, notedAt: now });
  }
  return plan;
}

type HeldBy = Pick<Refusal, 'details'> & { readonly code: OwnErrorCode };

const PERSON_ERASED: HeldBy = { code: 'PERSON_ERASED', details: {} };
const SENDER_TAKEN: HeldBy = { code: 'SENDER_TAKEN', details: {} };
const NOBODY_SENDS: HeldBy = { code: 'PROVIDER_NOT_CONFIGURED', details: {} };

/** What stands against it by now; undefined where nothing does. */
function heldBy({ channel, content }: DueItem, facts: SendFacts, now: Date): HeldBy | undefined {
  return content.personErased ? PERSON_ERASED : judge(channel, content.template, facts, now);
}

/** What a person wants, or has a right to, cancels what was to leave; what another rule holds back failed. Who it was in copy, the event says. */
function heldBack(item: DueItem, { code, details: { copy } }: HeldBy, at: Date): SourcedDraft {
  const status = code === 'OPTED_OUT' || code === 'PERSON_ERASED' ? 'CANCELED' : 'FAILED';
  return ownDraft(item, { step: 'held', status, at, error: { code, message: null }, ...(copy !== undefined && { metadata: { copy } }) });
}
