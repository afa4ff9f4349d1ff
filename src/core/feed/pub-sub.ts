/** Injects the PubSubEngine by which a commit tells the feed's readers of new events. docs/decisions/0003 says why it is not the stock one. */
export const PUB_SUB = Symbol('PUB_SUB');

/** The one trigger: which organization has new events is in the payload, so that a listener costs nothing per event. */
export const FEED_NOTICES = 'feed';

/** An organization's events up to the seq `last` are committed. */
export interface FeedNotice {
  readonly organizationId: string;
  readonly last: number;
}

/** Something was committed, and nobody knows what: look at every head. */
export const LOOK = 'look';
export type FeedMessage = FeedNotice | typeof LOOK;

/** PostgreSQL's channel of notices between processes. What is no notice there, is LOOK to all. */
export const FEED_CHANNEL = 'centralita_feed';
