import { type NormalizedDelivery } from '../adapters/channel-adapter.js';
import { type DeliveryProblem } from '../adapters/delivery.js';
import { type Outcome } from '../activities/outcome.js';
import { REFERENCE } from '../activities/sourced-draft.js';
import { Channel } from '../adapters/channel.js';
import { readSenderAddress } from '../organizations/sender-address.js';

/**
 * PROCESSED: recorded. DUPLICATE: recorded before. PARTIAL: see `problems`. UNROUTED: no organization owns the address.
 * UNMATCHED: about something never seen that it doesn't identify well enough to create. FAILED: not understood. REJECTED: not verified.
 */
export const DeliveryState = {
  PROCESSED: 'PROCESSED',
  DUPLICATE: 'DUPLICATE',
  PARTIAL: 'PARTIAL',
  UNROUTED: 'UNROUTED',
  UNMATCHED: 'UNMATCHED',
  FAILED: 'FAILED',
  REJECTED: 'REJECTED',
} as const;
export type DeliveryState = (typeof DeliveryState)[keyof typeof DeliveryState];

/** What the ledger says of a delivery. */
export interface DeliveryVerdict {
  readonly state: DeliveryState;
  readonly error: string | null;
  readonly problems: readonly DeliveryProblem[];
  readonly activityIds: readonly string[];
  /** What would let the rest be recorded: an address's sender (`SMS:+15005550006`), or its activity (`REFERENCE:…`). */
  readonly waitsFor: readonly string[];
  /** Whether it names somebody who was erased: nothing of its bytes is kept then. */
  readonly erased?: boolean;
}

export function failed(error: string): DeliveryVerdict {
  return { state: 'FAILED', error, problems: [], activityIds: [], waitsFor: [] };
}

/** Judges a delivery by what became of its items: `outcomes[i]` is that of `normalized.drafts[i]`, and after them those of its links. */
export function judge({ drafts, problems }: NormalizedDelivery, outcomes: readonly Outcome[]): DeliveryVerdict {
  if (!outcomes.length && problems.length) return { ...failed(problems[0]!.message), problems };
  const state = stateOf(outcomes, problems.length);
  return {
    state,
    error: state === 'UNROUTED' || state === 'UNMATCHED' ? sentenceOf(outcomes.find(({ kind }) => kind === state)!) : null,
    problems: state === 'PARTIAL' ? [...problems, ...drafts.flatMap((draft, i) => problemsOf(draft.index, outcomes[i]!))] : [],
    activityIds: [...new Set(outcomes.flatMap((outcome) => ('activityId' in outcome ? [outcome.activityId] : [])))],
    waitsFor: [...new Set(outcomes.flatMap((outcome) => ('waitsFor' in outcome ? outcome.waitsFor : [])))],
    erased: outcomes.some((outcome) => 'erased' in outcome),
  };
}

const CLAIMABLE = 'No organization owns the address: createSender gives it one, and replays this.';
const PART = 'What it is part of has not come yet, and no organization owns an address of it: either one replays this.';
const LEG = 'What it is part of has not come yet: that replays this.';
const NO_SENDERS =
  'It is to an address that no organization can have as a sender: DEFAULT_ORGANIZATION takes such in, and replayDelivery then.';
const UNHEARD_OF = 'It is about something never seen, and does not say enough to create it.';
const OWNED = 'It is of an organization that the provider account which signed it does not serve.';

function sentenceOf(outcome: Outcome): string | null {
  if (outcome.kind === 'UNMATCHED') return outcome.owned ? OWNED : UNHEARD_OF;
  if (outcome.kind !== 'UNROUTED') return null;
  if (outcome.owned) return OWNED;
  // Its own name, and that of what it is part of.
  const isPart = outcome.waitsFor.filter((name) => name.startsWith(REFERENCE)).length > 1;
  if (outcome.waitsFor.some(isClaimable)) return isPart ? PART : CLAIMABLE;
  return isPart ? LEG : NO_SENDERS;
}

/** Whether it is an address (`SMS:+15005550006`) that a sender may have. */
function isClaimable(name: string): boolean {
  const [, channel, address = ''] = /^([A-Z]+):(.*)$/s.exec(name) ?? [];
  if (channel === undefined || !(channel in Channel)) return false;
  const read = readSenderAddress(channel as Channel, address, undefined);
  return 'address' in read && read.address === address;
}

function problemsOf(index: number, outcome: Outcome): DeliveryProblem[] {
  const message = sentenceOf(outcome);
  return message === null ? [] : [{ index, message }];
}

function stateOf(outcomes: readonly Outcome[], problems: number): DeliveryState {
  const kinds = new Set(outcomes.map((outcome) => outcome.kind));
  const good = kinds.has('RECORDED') || kinds.has('KNOWN');
  if (problems || (good && (kinds.has('UNROUTED') || kinds.has('UNMATCHED')))) return 'PARTIAL';
  if (kinds.has('UNROUTED')) return 'UNROUTED';
  if (kinds.has('UNMATCHED')) return 'UNMATCHED';
  return kinds.has('RECORDED') || kinds.has('NOTED') || !kinds.size ? 'PROCESSED' : 'DUPLICATE';
}
