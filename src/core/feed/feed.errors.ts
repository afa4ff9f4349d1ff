import { badInput, type CodedError, defineError, ErrorCode } from '../../platform/errors/coded-error.js';

/** Too old, of an earlier epoch, or beyond the head. */
export const cursorExpired = defineError(
  ErrorCode.CURSOR_EXPIRED,
  () =>
    'The feed no longer reaches back to this cursor, or was restored from a backup since. Read the list again and continue from its feedCursor.',
);

export const notAFeedCursor = (field: string): CodedError =>
  badInput(
    field,
    `${field} must be a cursor of this organization's feed (an item's or activity's \`cursor\`, or \`feedCursor\`), not one that pages a list.`,
  );
