import { type SourcedDraft } from '../activities/sourced-draft.js';
import { ownReply } from '../activities/own-reply.js';
import { type UploadCopy } from '../attachments/copy-uploads.sql.js';
import { Channel, Direction } from '../adapters/channel.js';
import { type Departure } from './departure.js';
import { ownDraft } from './own-draft.js';
import { type Pacing } from './pacing.js';
import { type Room, sizeOf } from './room.js';
import { type PreparedRecipient, type PreparedSend } from './prepared-send.js';
import { type KnownSend } from './send-facts.sql.js';
import { judge, type Refusal, type SendFacts } from './send-rules.js';
import { type NewItem, type NewSend } from './write-sends.sql.js';

/** What the database has of the past, read under the locks. */
export interface SendsPast {
  readonly known: readonly KnownSend[];
  /** One for each recipient of each send, in their order. */
  readonly facts: readonly SendFacts[];
}

/** What this process may do. */
export interface SendsPresent {
  readonly now: Date;
  readonly newId: () => string;
  /** How many may leave at once, and who notes them. */
  readonly room: Room;
  readonly processName: string;
  readonly pacing: Pacing;
}

/** What became of a send. CONFLICT: its key was used with another input. */
export type SendResult =
  | { readonly kind: 'ACCEPTED'; readonly activityIds: readonly string[] }
  | { readonly kind: 'REFUSED'; readonly refusal: Refusal; readonly to: string }
  | { readonly kind: 'CONFLICT' };

export interface SendsPlan {
  /** In the order of the sends. */
  readonly results: readonly SendResult[];
  readonly drafts: readonly SourcedDraft[];
  readonly sends: readonly NewSend[];
  readonly items: readonly NewItem[];
  readonly copies: readonly UploadCopy[];
  /** Those whose attempt is noted with them. */
  readonly departures: readonly Departure[];
}

/** Decides what becomes of sends, and touches nothing. A key that is known answers before any rule. All of a send's recipients, or none. */
export function planSends(sends: readonly PreparedSend[], past: SendsPast, present: SendsPresent): SendsPlan {
  const plan = {
    results: [] as SendResult[],
    drafts: [] as SourcedDraft[],
    sends: [] as NewSend[],
    items: [] as NewItem[],
    copies: [] as UploadCopy[],
    departures: [] as Departure[],
  };
  const known = new Map(past.known.map((one) => [keyOf(one), one as Pick<KnownSend, 'inputHash' | 'activityIds'>]));
  /** Whom something is written to in this group already, and what. */
  const written = new Map<string, string>();
  let at = 0;
  for (const send of sends) {
    const facts = past.facts.slice(at, (at += send.recipients.length));
    const key = keyOf(send);
    const earlier = key === undefined ? undefined : known.get(key);
    if (earlier) {
      const same = earlier.inputHash === send.inputHash;
      plan.results.push(same ? { kind: 'ACCEPTED', activityIds: earlier.activityIds } : { kind: 'CONFLICT' });
      continue;
    }
    const refused = firstRefusal(send, facts, present.now) ?? overtaken(send, written, present.now);
    if (refused) {
      plan.results.push(refused);
      continue;
    }
    const made = acceptedSend(send, present);
    if (key !== undefined) known.set(key, made);
    plan.sends.push(made);
    plan.results.push({ kind: 'ACCEPTED', activityIds: made.activityIds });
    for (const recipient of send.recipients) {
      if (!send.draft) written.set(conversationOf(send, recipient), recipient.activityId);
      const { item, departure, copies, drafts } = acceptedItem(send, made.id, recipient, present);
      plan.items.push(item);
      plan.copies.push(...copies);
      plan.drafts.push(...drafts);
      if (departure) plan.departures.push(departure);
    }
  }
  return plan;
}

function firstRefusal(send: PreparedSend, facts: readonly SendFacts[], now: Date): SendResult | undefined {
  for (const [i, { to }] of send.recipients.entries()) {
    const refusal = judge(
      send.channel,
      send.content.template && { ...send.content.template, unapproved: send.unapproved ?? false },
      facts[i]!,
      now,
    );
    if (refusal) return { kind: 'REFUSED', refusal, to };
  }
  return undefined;
}

/** What a neighbour in the group writes to the same person comes before it, and its writer has not seen that. */
function overtaken(send: PreparedSend, written: ReadonlyMap<string, string>, now: Date): SendResult | undefined {
  if (send.content.seenSeq === undefined) return undefined;
  const recipient = send.recipients.find((one) => written.has(conversationOf(send, one)));
  if (!recipient) return undefined;
  const latestActivityId = written.get(conversationOf(send, recipient))!;
  return {
    kind: 'REFUSED',
    refusal: { code: 'CONVERSATION_MOVED', details: { latestActivityId, at: now.toISOString() } },
    to: recipient.to,
  };
}

const conversationOf = ({ organizationId }: PreparedSend, { identity, to }: PreparedRecipient): string =>
  `${organizationId} ${identity ? `${identity.kind} ${identity.value}` : to}`;

function acceptedSend(send: PreparedSend, { newId, now }: SendsPresent): NewSend {
  const { organizationId, idempotencyKey, inputHash, sentBy, recipients } = send;
  const activityIds = recipients.map(({ activityId }) => activityId);
  return { id: newId(), organizationId, idempotencyKey, inputHash, sentBy, activityIds, createdAt: now };
}

function acceptedItem(send: PreparedSend, sendId: string, recipient: PreparedRecipient, present: SendsPresent) {
  const { organizationId, channel, provider, accountId, from, subject, body, html, content, metadata, answersId } = send;
  const { now, newId, processName, pacing } = present;
  const { activityId, to } = recipient;
  const activity = { activityId, organizationId, channel, provider, accountId };
  const scheduled = send.sendAt !== null && send.sendAt > now;
  const turn = send.draft || scheduled ? (send.sendAt ?? now) : pacing.take(send, now);
  const leaves = !send.draft && !scheduled && turn <= now && present.room.take({ accountId, sizeBytes: sizeOf(send.files) });
  if (leaves) pacing.left(send, now);
  const ids = send.files.map(newId).sort();
  const files = send.files.map((file, i) => ({ ...file, id: ids[i]! }));
  const created = ownDraft(activity, {
    step: 'created',
    status: send.draft ? 'DRAFT' : scheduled ? 'SCHEDULED' : 'QUEUED',
    at: now,
    facts: {
      direction: Direction.OUTBOUND,
      from,
      to,
      ...(subject !== null && { subject }),
      ...(body !== null && { body }),
      ...(answersId !== null && { replyTo: ownReply(answersId) }),
    },
    ...(html !== null && { html }),
    metadata,
  });
  const sending = channel === Channel.VOICE ? [] : [ownDraft(activity, { step: 'sending', status: 'SENDING', at: now })];
  const item: NewItem = {
    activityId,
    sendId,
    organizationId,
    accountId,
    state: send.draft ? 'DRAFT' : leaves ? 'ATTEMPTED' : 'WAITING',
    dueAt: turn,
    paced: !send.draft && !scheduled,
    attempts: leaves ? 1 : 0,
    attemptedBy: leaves ? processName : null,
    content,
  };
  const departure: Departure | undefined = leaves
    ? { ...activity, from, to, subject, body, content, files, attempt: 1, notedAt: now }
    : undefined;
  return {
    item,
    departure,
    copies: files.map((file): UploadCopy => ({ ...file, organizationId, activityId, createdAt: now })),
    drafts: leaves ? [created, ...sending] : [created],
  };
}

/** Undefined where it has none. */
const keyOf = ({ organizationId, idempotencyKey }: { organizationId: string; idempotencyKey: string | null }): string | undefined =>
  idempotencyKey === null ? undefined : `${organizationId}\n${idempotencyKey}`;
