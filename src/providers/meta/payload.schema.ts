import { type ErrorObject } from 'ajv';
import { jsonSchemas } from '../../platform/json/json-schemas.js';

/** What Meta posts: entries (accounts), each with changes. Source: Meta, WhatsApp Cloud API, Webhooks, messages webhook reference. */
export interface Notification {
  readonly object?: string | null;
  readonly entry: readonly unknown[];
}

export interface Entry {
  readonly changes: readonly unknown[];
}

export interface Change {
  readonly field: string;
  readonly value: object;
}

/** A change's value where it has items: the number of ours that they are about. */
export interface ChangeValue {
  readonly metadata: { readonly phone_number_id: string; readonly display_phone_number?: string | null };
}

/** What we need to read of a message, whoever wrote it; what its type brings is read leniently, and the rest is kept, not judged. */
export interface Message {
  readonly id: string;
  readonly type: string;
  readonly from?: string | null;
  readonly from_user_id?: string | null;
  readonly to?: string | null;
  readonly to_user_id?: string | null;
  readonly group_id?: string | null;
}

/** What we need to read of a status. Source: Meta, WhatsApp Cloud API, Webhooks, status messages webhook reference. */
export interface Status {
  readonly id: string;
  readonly status: string;
  readonly type?: string | null;
  readonly recipient_id?: string | null;
  readonly recipient_user_id?: string | null;
  readonly recipient_type?: string | null;
  readonly recipient_participant_id?: string | null;
  readonly recipient_participant_user_id?: string | null;
}

/** Visible ASCII. The lengths are far above Meta's: they keep what becomes a key within what an index holds. */
const ID = { type: 'string', pattern: '^[!-~]+$', maxLength: 300 };
const ADDRESS = { type: ['string', 'null'], maxLength: 300 };
const WORD = { type: 'string', pattern: '^[!-~]+$', maxLength: 100 };
const LIST = { type: 'array' };

export const readNotification = reader<Notification>({ object: { type: ['string', 'null'] }, entry: LIST }, ['entry']);
export const readEntry = reader<Entry>({ changes: LIST }, ['changes']);
export const readChange = reader<Change>({ field: WORD, value: { type: 'object' } }, ['field', 'value']);
export const readChangeValue = reader<ChangeValue>(
  {
    metadata: {
      type: 'object',
      required: ['phone_number_id'],
      properties: { phone_number_id: ID, display_phone_number: ADDRESS },
    },
  },
  ['metadata'],
);
export const readMessage = reader<Message>(
  { id: ID, type: WORD, from: ADDRESS, from_user_id: ADDRESS, to: ADDRESS, to_user_id: ADDRESS, group_id: ADDRESS },
  ['id', 'type'],
);
export const readStatus = reader<Status>(
  {
    id: ID,
    status: WORD,
    type: { ...ADDRESS, pattern: '^[!-~]*$' },
    recipient_id: ADDRESS,
    recipient_user_id: ADDRESS,
    recipient_type: ADDRESS,
    recipient_participant_id: ADDRESS,
    recipient_participant_user_id: ADDRESS,
  },
  ['id', 'status'],
);

/** Compiled at the start. The value as it is, or the sentence that says what is wrong with it. */
function reader<T>(properties: Record<keyof T & string, object>, required: readonly (keyof T & string)[]): (value: unknown) => T | string {
  const isWhole = jsonSchemas.compile<T>({ type: 'object', required, properties });
  return (value) => (isWhole(value) ? value : describe(isWhole.errors));
}

function describe(errors: readonly ErrorObject[] | null | undefined): string {
  const [error] = errors ?? [];
  const at = (error?.instancePath ?? '').slice(1).replaceAll('/', '.');
  if (error?.keyword === 'required') return `${[at, String(error.params.missingProperty)].filter(Boolean).join('.')} is missing.`;
  return `${at || 'It'} ${error?.message ?? 'cannot be read'}.`;
}
