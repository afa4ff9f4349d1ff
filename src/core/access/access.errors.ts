import { defineError, ErrorCode } from '../../platform/errors/coded-error.js';
import { type Scope } from './scope.js';

export const unauthenticated = defineError(
  ErrorCode.UNAUTHENTICATED,
  () =>
    'No valid credential: send `Authorization: Bearer <API key or JWT>`, on a socket `connectionParams: { authorization: "Bearer …" }`.',
);
/** Who asks to send needs DRAFT at the least, and is told of SEND first. */
export const forbidden = defineError(
  ErrorCode.FORBIDDEN,
  ({ scope }: { scope: Scope }) => `This credential lacks the scope ${scope === 'DRAFT' ? 'SEND, or DRAFT to propose' : scope}.`,
);
/** The same for what is not there and for what is another's. */
export const notFound = defineError(ErrorCode.NOT_FOUND, ({ what }: { what: string }) => `No such ${what}, or not yours.`);
