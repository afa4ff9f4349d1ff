/** Metadata: the channel of a webhook's controller method. */
export const WEBHOOK_CHANNEL = Symbol('WEBHOOK_CHANNEL');
