import { createHash } from 'node:crypto';
import { type ActivityDraft, type DraftConsent, type SuppressionReason } from '../../core/adapters/activity-draft.js';
import { type ActivityStatus } from '../../core/adapters/activity-status.js';
import { boundedText } from '../../core/adapters/bounded-text.js';
import { Channel, Direction } from '../../core/adapters/channel.js';
import { normalizeItems } from '../../core/adapters/normalize-items.js';
import { type NormalizedDelivery } from '../../core/adapters/channel-adapter.js';
import { emailReference } from '../../core/adapters/email-reference.js';
import { LATEST_SECOND } from '../../core/adapters/latest-second.js';
import { replaceUnstorable } from '../../core/adapters/storable-text.js';
import { errorOfEvent } from './event-error.js';
import { metadataOfEvent } from './event-metadata.js';
import { statusOfEvent } from './event-status.js';
import { suppressionOf } from './suppression.js';
import { type EventFields, readEvent } from './event.schema.js';

const MAX_GROUP_LENGTH = 100;

/**
 * A batch of the Event Webhook → one draft an event. Events name no sender: what is not about a mail we know (by our own id, which SendGrid
 * brings back as the custom argument `centralita_activity`, or by message id and recipient) waits for it. What cannot be read is a problem,
 * and so is a kind of event that SendGrid has not told us of; its neighbours are kept.
 */
export function normalizeEvents(body: Buffer): NormalizedDelivery {
  const items = parseArray(body.toString('utf8'));
  if (!items) return { drafts: [], problems: [{ index: 0, message: 'The body is not a JSON array of events.' }] };
  return normalizeItems(items, readDraft);
}

function parseArray(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readDraft(item: unknown, index: number): ActivityDraft | string {
  const fields = readEvent(item);
  if (typeof fields === 'string') return fields;
  const status = statusOfEvent(fields.event);
  // What names no recipient is about the account; it is kept, whatever its kind.
  if (status === undefined && fields.email) return `The event "${replaceUnstorable(fields.event)}" is not known.`;
  return draftOf(fields, item as object, index, status ?? null);
}

/**
 * One literal, since a batch makes thousands. Which mail it is about: the message id names all of a request's recipients, so without one of them
 * it names none.
 */
function draftOf(fields: EventFields, item: object, index: number, status: ActivityStatus | null): ActivityDraft {
  const { email, centralita_activity: activityId } = fields;
  const recipient = email ? replaceUnstorable(email) : undefined;
  const externalId = recipient ? messageIdOf(fields) : null;
  return {
    index,
    channel: Channel.EMAIL,
    externalId,
    reference: recipient && externalId !== null ? emailReference(externalId, recipient) : undefined,
    activityId: activityId || undefined,
    // A mail's custom arguments come with the events of everybody in copy.
    recipient,
    ours: [],
    facts: { direction: Direction.OUTBOUND },
    event: {
      key: `webhook/email/${idOf(fields)}`,
      kind: 'STATUS',
      status,
      occurredAt: timeOf(fields.timestamp),
      error: errorOfEvent(fields),
      metadata: metadataOfEvent(item),
    },
    attachments: [],
    consent: consentOf(fields, item),
  };
}

/**
 * The X-Message-Id that the send call returned: `sg_message_id` begins with it, and so does the `smtp-id`, which an asynchronous bounce
 * has in its place.
 */
function messageIdOf(fields: EventFields): string | null {
  const whole = fields.sg_message_id ?? '';
  // It may have dots itself: what is known to follow it is looked for first.
  const id = /^(.+?)\.(?:filter|recvd)/.exec(whole)?.[1] || whole.split('.', 1)[0] || /^<?([^@<>]+)@/.exec(fields['smtp-id'] ?? '')?.[1];
  return id ? replaceUnstorable(id) : null;
}

/** SendGrid names each event; of one without a name, what tells it from others stands in. */
function idOf(fields: EventFields): string {
  if (fields.sg_event_id) return replaceUnstorable(fields.sg_event_id);
  const { event, email, timestamp, sg_message_id, 'smtp-id': smtpId, reason, response } = fields;
  return createHash('sha256')
    .update(JSON.stringify([event, email, timestamp, sg_message_id, smtpId, reason, response]))
    .digest('hex');
}

function timeOf(timestamp: number | string | undefined): Date | null {
  const seconds = typeof timestamp === 'string' && !/^\d+(\.\d+)?$/.test(timestamp) ? NaN : Number(timestamp);
  return seconds > 0 && seconds <= LATEST_SECOND ? new Date(Math.floor(seconds * 1000)) : null;
}

function consentOf(fields: EventFields, item: object): DraftConsent | undefined {
  const suppression = suppressionOf(fields);
  if (suppression === undefined || !fields.email) return undefined;
  const group = groupOf(fields, item, suppression);
  const address = replaceUnstorable(fields.email);
  const said = { sender: null, ...(group !== undefined && { group }), address, optedOut: suppression !== null };
  return suppression === null ? said : { ...said, reason: suppression };
}

/** The unsubscribe group that it is about; undefined where it is about all mails. Source: SendGrid docs, Suppression groups. */
function groupOf({ event }: EventFields, item: object, suppression: SuppressionReason | null): string | undefined {
  const id = (item as { readonly asm_group_id?: unknown }).asm_group_id;
  const group = typeof id === 'number' || typeof id === 'string' ? boundedText(replaceUnstorable(String(id)), MAX_GROUP_LENGTH) : undefined;
  if (event === 'group_unsubscribe' || event === 'group_resubscribe') return group ?? '';
  return event === 'dropped' && suppression === 'UNSUBSCRIBED' ? group : undefined;
}
