/** Where an activity stands. Which of them a channel uses, and their order, is in `activities/status-rank.ts`. */
export const ActivityStatus = {
  DRAFT: 'DRAFT',
  SCHEDULED: 'SCHEDULED',
  QUEUED: 'QUEUED',
  SENDING: 'SENDING',
  SENT: 'SENT',
  DELIVERED: 'DELIVERED',
  READ: 'READ',
  RECEIVED: 'RECEIVED',
  UNDELIVERED: 'UNDELIVERED',
  FAILED: 'FAILED',
  CANCELED: 'CANCELED',
  UNKNOWN: 'UNKNOWN',
  INITIATED: 'INITIATED',
  RINGING: 'RINGING',
  ANSWERED: 'ANSWERED',
  COMPLETED: 'COMPLETED',
  BUSY: 'BUSY',
  NO_ANSWER: 'NO_ANSWER',
  PROCESSED: 'PROCESSED',
  DEFERRED: 'DEFERRED',
  OPENED: 'OPENED',
  CLICKED: 'CLICKED',
  BOUNCED: 'BOUNCED',
  DROPPED: 'DROPPED',
  SPAM_REPORT: 'SPAM_REPORT',
  UNSUBSCRIBED: 'UNSUBSCRIBED',
} as const;
export type ActivityStatus = (typeof ActivityStatus)[keyof typeof ActivityStatus];

/** What one event of an activity is. A draft never says CREATED: the recorder does, of the event that made the activity. */
export const EventKind = {
  CREATED: 'CREATED',
  STATUS: 'STATUS',
  ATTACHMENT: 'ATTACHMENT',
  RECORDING: 'RECORDING',
  REACTION: 'REACTION',
  EDITED: 'EDITED',
  DELETED: 'DELETED',
} as const;
export type EventKind = (typeof EventKind)[keyof typeof EventKind];
