/** Injects the RateLimit of refused webhook requests, by address. What verifies is never limited. */
export const REFUSED_LIMIT = Symbol('REFUSED_LIMIT');
