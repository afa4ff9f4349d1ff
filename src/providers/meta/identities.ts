import { type DraftIdentity, type DraftParty, IdentityKind } from '../../core/adapters/activity-draft.js';
import { boundedText } from '../../core/adapters/bounded-text.js';
import { idAt, listAt, memberOf, textAt } from './payload-fields.js';
import { type Message } from './payload.schema.js';
import { type Place } from './place.js';

const MAX_NAME_LENGTH = 200;

const NUMBER = /^\+?(\d{5,15})$/;
/** Business-scoped user id: a country, perhaps `ENT`, and letters or digits. Source: Meta, Business-scoped user IDs. */
const BSUID = /^[A-Z]{2}\.(?:ENT\.)?[0-9A-Za-z]+$/;

/** What Meta's ids of groups begin with: "capi_group", in base64. Source: Meta, WhatsApp Cloud API, Groups API. */
const GROUP = 'Y2FwaV9ncm91c';

export function isGroupId(id: string): boolean {
  return id.startsWith(GROUP);
}

/** Whether it was written in a group: it says so, or goes to one. */
export function isInGroup(message: Message): boolean {
  return idAt(message, 'group_id') !== undefined || isGroupId(idAt(message, 'to') ?? '');
}

/** A number in E.164, which Meta writes without its `+`, and for people to read sometimes with spaces; what is none stays as it is. */
export function addressOf(id: string): string {
  const digits = NUMBER.exec(id.replace(/[\s().-]/g, ''))?.[1];
  return digits === undefined ? id : `+${digits}`;
}

export function identityOf(id: string): DraftIdentity {
  const address = addressOf(id);
  if (address.startsWith('+')) return { kind: IdentityKind.PHONE, value: address };
  return { kind: BSUID.test(id) ? IdentityKind.WHATSAPP_BSUID : IdentityKind.WHATSAPP_ID, value: id };
}

/** Each once, in their order; absent ones left out. */
export function identitiesOf(...ids: readonly (string | undefined)[]): readonly DraftIdentity[] {
  const identities = new Map(ids.flatMap((id) => (id === undefined ? [] : [[identityOf(id).value, identityOf(id)] as const])));
  return [...identities.values()];
}

/** The member of a value's `contacts` that is about the person with one of these ids. */
export function contactOf({ value, aboutOne }: Pick<Place, 'value' | 'aboutOne'>, ids: readonly (string | undefined)[]): unknown {
  const contacts = listAt(value, 'contacts');
  const known = ids.filter((id) => id !== undefined);
  const found = contacts.find((contact) => known.some((id) => id === idAt(contact, 'wa_id') || id === idAt(contact, 'user_id')));
  // A wa_id need not be the number: where all is about one person, so is a contact that stands alone.
  return found ?? (aboutOne && contacts.length === 1 ? contacts[0] : undefined);
}

/** Whether all that a value holds is about the same person, as far as its ids tell. */
export function isAboutOne(value: object): boolean {
  const idsOf = (list: string, ...names: readonly string[]) =>
    listAt(value, list).map((item) => names.map((name) => idAt(item, name)).find((id) => id !== undefined));
  const people = [
    ...idsOf('messages', 'from', 'from_user_id'),
    ...idsOf('statuses', 'recipient_id', 'recipient_user_id'),
    ...idsOf('message_echoes', 'to', 'to_user_id'),
  ];
  return new Set(people).size === 1;
}

/**
 * The other party: all that is known of it, so that a number and a business-scoped id become one contact, and the name it gave itself.
 * A `wa_id` that is not the number (as for some of Mexico, Argentina and Brazil) is an identity of its own.
 */
export function partyOf(ids: readonly (string | undefined)[], contact: unknown): DraftParty {
  const identities = [...identitiesOf(...ids)];
  const add = (identity: DraftIdentity) => {
    if (!identities.some(({ value }) => value === identity.value)) identities.push(identity);
  };
  const waId = idAt(contact, 'wa_id');
  const userId = idAt(contact, 'user_id');
  if (userId !== undefined) add(identityOf(userId));
  if (waId !== undefined && !identities.some(({ value }) => value === addressOf(waId)))
    add(identities.some(({ kind }) => kind === IdentityKind.PHONE) ? { kind: IdentityKind.WHATSAPP_ID, value: waId } : identityOf(waId));
  const name = textAt(memberOf(contact, 'profile'), 'name');
  return { identities, ...(name !== undefined && { name: boundedText(name, MAX_NAME_LENGTH) }) };
}
