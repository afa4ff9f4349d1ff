/** Clients and DEFAULT_ORGANIZATION bring ids of their own systems; what could not be seen or would break a line is none. */
export const ORGANIZATION_ID = /^[^\s\p{C}]{1,100}$/u;
