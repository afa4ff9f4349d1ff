/** An error's reason in one line, also of those Node leaves without a message (every address of a host refused). */
export function reasonOf(error: unknown): string {
  // By shape, not by class: an error from another realm (a test's sandbox) is no `Error` here.
  const { message, code, cause }: { message?: unknown; code?: unknown; cause?: unknown } =
    typeof error === 'object' && error !== null ? error : {};
  // `fetch` says that it failed, and nothing else.
  const text = message === 'fetch failed' && cause ? `fetch failed: ${reasonOf(cause)}` : String(message || code || error).trim();
  // Prisma's messages begin with the call that failed, over several lines.
  const lines = /^Invalid `/.test(text) ? text.split('\n').slice(-1) : text.split('\n');
  return lines
    .map((line) => line.trim())
    .filter(Boolean)
    .join(' ');
}
