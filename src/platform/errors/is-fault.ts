/** Whether it is a fault of ours, that what was tried would meet again: no reason to try for ever. */
export function isFault(error: unknown): boolean {
  return error instanceof RangeError || error instanceof TypeError || error instanceof ReferenceError;
}
