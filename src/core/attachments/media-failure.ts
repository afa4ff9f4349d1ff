/** Why a file was not fetched this time. */
export class MediaFailure extends Error {
  constructor(
    readonly kind: FailureKind,
    /** What a person is told; no address in it, for addresses may carry secrets. */
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'MediaFailure';
  }
}

/**
 * How many tries each kind gets; the pauses between them grow (`RETRY_PAUSE`).
 * FINAL will not change. REFUSED may be a credential under rotation, DAMAGED a transfer that went wrong: half a minute. MISSING: a recording's callback comes moments before its
 * file does, so four minutes. UNREACHABLE: an outage, three and a half hours.
 */
const TRIES = { FINAL: 1, REFUSED: 4, DAMAGED: 4, MISSING: 6, UNREACHABLE: 10 } as const;
export type FailureKind = keyof typeof TRIES;

/** Whether it is to be given up after this many tries. */
export function isGivenUp(kind: FailureKind, tries: number): boolean {
  return tries >= TRIES[kind];
}

/** What an answer other than 200 means. */
export function failureOfStatus(status: number): MediaFailure {
  if (status === 401 || status === 403)
    return new MediaFailure('REFUSED', `The provider refused the file (HTTP ${status}): check the credentials of its account.`);
  if (status === 404) return new MediaFailure('MISSING', 'The provider does not have the file (HTTP 404).');
  if (status === 410) return new MediaFailure('FINAL', 'The provider no longer has the file (HTTP 410).');
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    return new MediaFailure('UNREACHABLE', `The provider could not hand the file out (HTTP ${status}).`);
  return new MediaFailure('FINAL', `The provider did not hand the file out (HTTP ${status}).`);
}

export const tooLarge = (maxBytes: number) =>
  new MediaFailure('FINAL', `The file is larger than MEDIA_MAX_BYTES (${maxBytes} bytes): raise it to take such files.`);
export const notAllowed = () => new MediaFailure('FINAL', "The file is at an address that is not its provider's: it was not asked for.");
export const damaged = () =>
  new MediaFailure('DAMAGED', 'What the provider handed out is not the file it told of: the SHA-256 is another.');
export const unreachable = (cause: unknown) => new MediaFailure('UNREACHABLE', 'The provider could not be reached.', { cause });
