import { ActivityStatus, type ActivityStatus as Status } from '../adapters/activity-status.js';
import { type Channel } from '../adapters/channel.js';

const S = ActivityStatus;

/** A message's statuses, low to high; RECEIVED is an inbound message's only one. */
const MESSAGE = [
  S.DRAFT, S.SCHEDULED, S.QUEUED, S.SENDING, S.UNKNOWN, S.CANCELED, S.SENT, S.FAILED, S.UNDELIVERED, S.DELIVERED, S.READ, S.RECEIVED,
] as const; // oxfmt-ignore

const EMAIL = [
  S.DRAFT, S.SCHEDULED, S.QUEUED, S.SENDING, S.UNKNOWN, S.CANCELED, S.SENT, S.PROCESSED, S.DEFERRED, S.FAILED, S.DROPPED, S.DELIVERED,
  S.BOUNCED, S.OPENED, S.CLICKED, S.UNSUBSCRIBED, S.SPAM_REPORT, S.RECEIVED,
] as const; // oxfmt-ignore

const CALL = [S.QUEUED, S.UNKNOWN, S.INITIATED, S.RINGING, S.ANSWERED, S.CANCELED, S.BUSY, S.NO_ANSWER, S.FAILED, S.COMPLETED] as const;

const RANKS: Record<Channel, ReadonlyMap<Status, number>> = {
  SMS: ranksOf(MESSAGE),
  WHATSAPP: ranksOf(MESSAGE),
  EMAIL: ranksOf(EMAIL),
  VOICE: ranksOf(CALL),
};

/** How far a status is in its channel, from 1; 0 for none, or for a status that channel does not know. The highest rank reached is an activity's status. */
export function rankOf(channel: Channel, status: Status | null): number {
  return status === null ? 0 : (RANKS[channel].get(status) ?? 0);
}

function ranksOf(statuses: readonly Status[]): ReadonlyMap<Status, number> {
  return new Map(statuses.map((status, i) => [status, i + 1]));
}
