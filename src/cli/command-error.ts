/** An end a command foresees: `message` says what went wrong and what to do; it is shown as it is, and the exit code is 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
