/** PENDING: named by the provider, its bytes not fetched yet. READY: they are here. FAILED: given up; `error` says why. */
export const AttachmentState = { PENDING: 'PENDING', READY: 'READY', FAILED: 'FAILED' } as const;
export type AttachmentState = (typeof AttachmentState)[keyof typeof AttachmentState];
