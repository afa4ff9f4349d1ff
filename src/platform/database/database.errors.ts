/** A start that the database prevents. The message is one line: what is wrong and what to do; nothing in it is secret. */
export class DatabaseStartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/\s*\n\s*/g, ' '), options);
    this.name = 'DatabaseStartError';
  }
}

/** Whether `error` carries one of these codes: Node's (`ENOENT`) or PostgreSQL's (`42P01`). */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(String(fieldsOf(error).code));
}

/** By shape, not by class: an error from another realm (a test's sandbox) is no `Error` here. */
function fieldsOf(error: unknown): { message?: unknown; code?: unknown } {
  return typeof error === 'object' && error !== null ? error : {};
}
