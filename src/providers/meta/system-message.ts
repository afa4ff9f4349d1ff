import { type IdentityLink } from '../../core/adapters/activity-draft.js';
import { Channel } from '../../core/adapters/channel.js';
import { identitiesOf } from './identities.js';
import { idAt } from './payload-fields.js';
import { type Message } from './payload.schema.js';
import { type Place } from './place.js';

/** A person whose number, or business-scoped id, became another; `customer_changed_number` is an older name. */
const CHANGES: ReadonlySet<string> = new Set(['user_changed_number', 'user_changed_user_id', 'customer_changed_number']);

/**
 * What a system message says of a person: that the old and the new number or id are one. It is no message, and opens no 24-hour window.
 * Undefined for any other. Source: Meta, WhatsApp Cloud API, Webhooks, system messages webhook reference.
 */
export function linkOf(message: Message, { phoneNumberId }: Place): IdentityLink | undefined {
  if (!CHANGES.has(idAt(message, 'system', 'type') ?? '')) return undefined;
  const identities = identitiesOf(
    idAt(message, 'from'),
    idAt(message, 'system', 'wa_id') ?? idAt(message, 'system', 'new_wa_id'),
    idAt(message, 'system', 'previous_user_id'),
    idAt(message, 'from_user_id'),
    idAt(message, 'system', 'user_id'),
  );
  return linkBetween(identities, phoneNumberId);
}

/**
 * An item of `user_id_update`: that the former and the present business-scoped id are one person's; of the system message beside it only the present one
 * is sure. Source: Meta, Business-scoped user IDs, user_id_update webhook.
 */
export function linkOfUpdate(item: unknown, { phoneNumberId }: Place): IdentityLink | string | undefined {
  const [previous, current] = [idAt(item, 'user_id', 'previous'), idAt(item, 'user_id', 'current')];
  if (previous === undefined || current === undefined) return 'user_id.previous or user_id.current is missing.';
  return linkBetween(identitiesOf(previous, current, idAt(item, 'wa_id')), phoneNumberId);
}

function linkBetween(identities: IdentityLink['identities'], phoneNumberId: string): IdentityLink | undefined {
  return identities.length < 2 ? undefined : { channel: Channel.WHATSAPP, ours: [phoneNumberId], identities };
}
