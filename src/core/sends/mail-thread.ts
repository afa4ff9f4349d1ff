import { type ActivityRow } from '../activities/activity-row.js';

const MESSAGE_IDS = /<([\x21-\x3b\x3d\x3f-\x7e]+)>/g;
const MESSAGE_ID = /^[\x21-\x3b\x3d\x3f-\x7e]+@[\x21-\x3b\x3d\x3f-\x7e]+$/;
/** A header of a few kB goes through every mail server. What a thread began with, and what came last, hold it together. */
const MOST_IDS = 20;

/**
 * The Message-IDs before an inbound mail in its thread, the oldest first, without brackets: what it refers to itself, or what it answers.
 * Source: RFC 5322, 3.6.4.
 */
export function mailThreadOf({ metadata }: Pick<ActivityRow, 'metadata'>): readonly string[] {
  const ids = [...new Set(idsIn(metadata['References']))];
  const thread = ids.length ? ids : idsIn(metadata['In-Reply-To']).slice(0, 1);
  return cutThread(thread);
}

/** Whether it can stand in a header of ours: a stranger's may have line ends in it, or letters that no header may have as they are. */
export function isMessageId(id: string | null): id is string {
  return id !== null && MESSAGE_ID.test(id);
}

export function cutThread(ids: readonly string[]): readonly string[] {
  return ids.length > MOST_IDS ? [ids[0]!, ...ids.slice(1 - MOST_IDS)] : ids;
}

function idsIn(header: unknown): string[] {
  return typeof header === 'string' ? [...header.matchAll(MESSAGE_IDS)].map(([, id]) => id!) : [];
}
