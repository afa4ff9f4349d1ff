/** The codes that `extensions.code` of a GraphQL error can be; the schema's `ErrorCode`. */
export const ErrorCode = {
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  FORBIDDEN: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  RATE_LIMITED: 'RATE_LIMITED',
  QUERY_TOO_COMPLEX: 'QUERY_TOO_COMPLEX',
  CURSOR_EXPIRED: 'CURSOR_EXPIRED',
  INTERNAL: 'INTERNAL',
  IDEMPOTENCY_CONFLICT: 'IDEMPOTENCY_CONFLICT',
  WHATSAPP_WINDOW_CLOSED: 'WHATSAPP_WINDOW_CLOSED',
  OPTED_OUT: 'OPTED_OUT',
  SUPPRESSED: 'SUPPRESSED',
  CONVERSATION_MOVED: 'CONVERSATION_MOVED',
  TEMPLATE_INVALID: 'TEMPLATE_INVALID',
  PROVIDER_NOT_CONFIGURED: 'PROVIDER_NOT_CONFIGURED',
} as const;
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/** An error meant for the caller: its message says what happened and what to do next; nothing in it is secret. */
export class CodedError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: Readonly<Record<string, string | number>> = {},
  ) {
    super(message);
    this.name = 'CodedError';
  }
}

/** Defines an error of one room: a code, and a sentence made of its parameters. */
export function defineError<P = void>(code: ErrorCode, sentence: (parameters: P) => string): (parameters: P) => CodedError {
  return (parameters) => new CodedError(code, sentence(parameters));
}

/** BAD_USER_INPUT that names the field and says what would be right. */
export function badInput(field: string, message: string): CodedError {
  return new CodedError(ErrorCode.BAD_USER_INPUT, message, { field });
}
