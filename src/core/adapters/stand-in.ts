import { type DraftEvent } from './activity-draft.js';

/**
 * How the keys begin of what a provider says in place of a message that it may still bring, under the same id: that it cannot be shown now.
 * Each tells something; but whatever the message says goes before it.
 */
export const STAND_IN = 'webhook/stand-in/';

export const isStandIn = ({ key }: Pick<DraftEvent, 'key'>): boolean => key.startsWith(STAND_IN);
