import { createHash } from 'node:crypto';

/**
 * A position in an organization's feed: 21 bytes, base64url.
 *
 *     version 1 · epoch 6 · organization 4 (of its hash) · seq 6 · tag 4 (of that event's random id)
 *
 * The epoch tells a restored database from the one the cursor was made in; the tag catches a restore that looks the same.
 */
export interface FeedPosition {
  readonly seq: number;
  /** The event at `seq`; undefined at 0, before the first. */
  readonly eventId: string | undefined;
}

export interface DecodedCursor {
  readonly epoch: Buffer;
  readonly seq: number;
  readonly tag: Buffer;
  readonly organization: Buffer;
}

export const EPOCH_BYTES = 6;
const VERSION = 0x11;
const LENGTH = 21;
const NO_TAG = Buffer.alloc(4);

export function encodeCursor(epoch: Buffer, organizationId: string, position: FeedPosition): string {
  const bytes = Buffer.allocUnsafe(LENGTH);
  bytes[0] = VERSION;
  epoch.copy(bytes, 1, 0, EPOCH_BYTES);
  organizationTag(organizationId).copy(bytes, 7);
  bytes.writeUIntBE(position.seq, 11, 6);
  tagOf(position.eventId).copy(bytes, 17);
  return bytes.toString('base64url');
}

/** Undefined for what is no cursor of a feed: a list's among them. */
export function decodeCursor(text: string): DecodedCursor | undefined {
  if (!/^[\w-]{28}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== LENGTH || bytes[0] !== VERSION) return undefined;
  return { epoch: bytes.subarray(1, 7), organization: bytes.subarray(7, 11), seq: bytes.readUIntBE(11, 6), tag: bytes.subarray(17, 21) };
}

export function isOfOrganization(cursor: DecodedCursor, organizationId: string): boolean {
  return cursor.organization.equals(organizationTag(organizationId));
}

export function isAtEvent(cursor: DecodedCursor, eventId: string | undefined): boolean {
  return cursor.tag.equals(tagOf(eventId));
}

/** The last four bytes: of a version 7 UUID they are random. */
function tagOf(eventId: string | undefined): Buffer {
  return eventId === undefined ? NO_TAG : Buffer.from(eventId.slice(-8), 'hex');
}

const tags = new Map<string, Buffer>();
const REMEMBERED = 10_000;

function organizationTag(organizationId: string): Buffer {
  let tag = tags.get(organizationId);
  if (!tag) {
    tag = createHash('sha256').update(organizationId).digest().subarray(0, 4);
    if (tags.size >= REMEMBERED) tags.clear();
    tags.set(organizationId, tag);
  }
  return tag;
}
