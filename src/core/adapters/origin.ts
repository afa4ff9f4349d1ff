/** How we learnt of an activity: our own send, a webhook, a message the owner wrote in the provider's own app, or our reconciliation with the provider's list. */
export const Origin = { API: 'API', WEBHOOK: 'WEBHOOK', ECHO: 'ECHO', RECONCILE: 'RECONCILE' } as const;
export type Origin = (typeof Origin)[keyof typeof Origin];
