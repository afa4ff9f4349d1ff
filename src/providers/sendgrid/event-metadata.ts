import { type Json, type JsonObject } from '../../core/adapters/activity-draft.js';
import { boundedText } from '../../core/adapters/bounded-text.js';

const MAX_TEXT_LENGTH = 2_000;
const MAX_MEMBERS = 20;

/**
 * What SendGrid says of an event beside the fields we read, under its own names. A fixed list: what a sender adds as custom arguments lies
 * among them, and is not ours to keep. Neither is the recipient's address here.
 * Source: SendGrid docs, Event Webhook Reference.
 */
const NAMES: ReadonlySet<string> = new Set([
  'event', 'sg_event_id', 'sg_message_id', 'smtp-id', 'category', 'asm_group_id', 'pool', 'domain', 'type', 'status', 'bounce_classification', 'response',
  'attempt', 'tls', 'cert_err', 'ip', 'useragent', 'url', 'url_offset', 'sg_machine_open', 'sg_content_type', 'marketing_campaign_id', 'marketing_campaign_name',
  'marketing_campaign_version', 'marketing_campaign_split_id', 'singlesend_id', 'singlesend_name', 'template_id', 'sg_template_id', 'sg_template_name',
]); // oxfmt-ignore

/** Bounded, so that no event can bloat a row: texts to 2,000 characters, lists and objects to 20 members that are no lists or objects. */
export function metadataOfEvent(item: object): JsonObject {
  const metadata: Record<string, Json> = {};
  for (const [name, value] of Object.entries(item)) {
    if (!NAMES.has(name)) continue;
    const kept = bounded(value);
    if (kept !== undefined) metadata[name] = kept;
  }
  return metadata;
}

function bounded(value: unknown): Json | undefined {
  if (typeof value !== 'object' || value === null) return scalar(value);
  if (Array.isArray(value))
    return value
      .slice(0, MAX_MEMBERS)
      .map(scalar)
      .filter((member) => member !== undefined);
  const members = Object.entries(value).slice(0, MAX_MEMBERS);
  // fromEntries defines members, so one named `__proto__` is one like any other.
  return Object.fromEntries(
    members.flatMap(([name, member]) => {
      const kept = scalar(member);
      return kept === undefined ? [] : [[boundedText(name, MAX_TEXT_LENGTH), kept]];
    }),
  );
}

/** JSON reads `1e999` as Infinity, which is no JSON. */
function scalar(value: unknown): Json | undefined {
  if (typeof value === 'string') return value === '' ? undefined : boundedText(value, MAX_TEXT_LENGTH);
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)) ? value : undefined;
}
