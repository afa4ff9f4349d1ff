import { type ActivityDraft, type DraftConsent, type SuppressionReason, type ProviderError } from '../../core/adapters/activity-draft.js';
import { type ActivityStatus } from '../../core/adapters/activity-status.js';
import { boundedText } from '../../core/adapters/bounded-text.js';
import { Channel, Direction } from '../../core/adapters/channel.js';
import { normalizeItems } from '../../core/adapters/normalize-items.js';
import { type NormalizedDelivery } from '../../core/adapters/channel-adapter.js';
import { emailReference } from '../../core/adapters/email-reference.js';
import { LATEST_SECOND } from '../../core/adapters/latest-second.js';
import { domainOf } from '../../core/adapters/mailbox.js';
import { replaceUnstorable } from '../../core/adapters/storable-text.js';
import { withoutNulls } from '../../core/adapters/without-nulls.js';
import { EMAIL_EVENT, type EmailEventFields } from './email-event.schema.js';
import { emailStatusOfWord } from './email-status.js';
import { parametersOfObject } from './json-parameters.js';
import { metadataOf } from './parameter-metadata.js';
import { providerError } from './provider-error.js';

/** Members that are a field of the draft. */
const FIELD = /^(?:message_id|to_email|from_email|subject|timestamp|reason|centralita_activity)$/;
const MAX_SUBJECT_LENGTH = 2_000;

/**
 * Events of emails → one draft each: an object, or an array of them, of any organizations. An event names both addresses, so that it can
 * make its activity. What cannot be read is a problem, and so is a word that is not known; its neighbours are kept.
 */
export function normalizeEmailEvents(body: Buffer): NormalizedDelivery {
  const items = parseItems(body.toString('utf8'));
  if (!items) return { drafts: [], problems: [{ index: 0, message: 'The body is no JSON object and no array of them.' }] };
  return normalizeItems(items, readDraft);
}

function parseItems(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value as unknown[];
    return typeof value === 'object' && value !== null ? [value] : undefined;
  } catch {
    return undefined;
  }
}

function readDraft(item: unknown, index: number): ActivityDraft | string {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return 'It is no JSON object.';
  const fields = EMAIL_EVENT.check(withoutNulls(item) as object);
  if (typeof fields === 'string') return fields;
  if (fields.event_type === undefined) return 'event_type is missing.';
  const word = replaceUnstorable(fields.event_type);
  const status = emailStatusOfWord(word);
  if (status === undefined) return `The event "${word}" is not known.`;
  const externalId = replaceUnstorable(fields.message_id);
  const [from, to] = [addressIn(fields.from_email), addressIn(fields.to_email)];
  const consent = consentOf(word, status, to);
  return {
    index,
    channel: Channel.EMAIL,
    externalId,
    ...(to && { reference: emailReference(externalId, to) }),
    ours: from ? [from.toLowerCase(), domainOf(from.toLowerCase())] : [],
    facts: {
      direction: Direction.OUTBOUND,
      ...(from && { from }),
      ...(to && { to }),
      ...(fields.subject !== undefined && { subject: boundedText(fields.subject, MAX_SUBJECT_LENGTH) }),
    },
    event: {
      // A mail may be opened and clicked more than once.
      key: `webhook/email/${word}/${boundedText(String(fields.timestamp ?? ''), 100)}`,
      kind: 'STATUS',
      status,
      occurredAt: timeOf(fields.timestamp),
      error: errorOf(fields, word),
      metadata: metadataOf(parametersOfObject(item), (name) => FIELD.test(name)),
    },
    attachments: [],
    ...(consent && { consent }),
  };
}

/** `Ana <ana@example.com>` and the address alone are the same. */
function addressIn(text: string | undefined): string | undefined {
  const address = /<([^<>]+)>\s*$/.exec(text ?? '')?.[1] ?? text;
  return address?.trim() ? replaceUnstorable(address.trim()) : undefined;
}

function timeOf(timestamp: number | string | undefined): Date | null {
  const isSeconds = typeof timestamp === 'number' || /^\d+(\.\d+)?$/.test(timestamp ?? '');
  const ms = isSeconds ? Math.floor(Number(timestamp) * 1000) : Date.parse(timestamp ?? '');
  return ms > 0 && ms <= LATEST_SECOND * 1000 ? new Date(ms) : null;
}

/** Where it says why. */
function errorOf({ status, reason }: EmailEventFields, word: string): ProviderError | null {
  return reason === undefined && status === undefined ? null : providerError(replaceUnstorable(status ?? word), reason);
}

const SUPPRESSIONS: Partial<Record<ActivityStatus, SuppressionReason>> = {
  BOUNCED: 'BOUNCED',
  SPAM_REPORT: 'SPAM_REPORT',
  UNSUBSCRIBED: 'UNSUBSCRIBED',
};

function consentOf(word: string, status: ActivityStatus | null, address: string | undefined): DraftConsent | undefined {
  if (address === undefined) return undefined;
  if (word === 'group_resubscribe') return { sender: null, group: '', address, optedOut: false };
  const reason = status === null ? undefined : SUPPRESSIONS[status];
  if (reason === undefined) return undefined;
  return { sender: null, ...(word === 'group_unsubscribe' && { group: '' }), address, optedOut: true, reason };
}
