import { type RawDelivery } from '../adapters/delivery.js';

/** Injects what is added to the answer of a refused webhook, where there is something a person who tries things out should know; else ''. */
export const REFUSAL_HINT = Symbol('REFUSAL_HINT');

export type RefusalHint = (refused: Pick<RawDelivery, 'channel' | 'provider' | 'url'>) => string;
