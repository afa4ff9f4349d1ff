import { type ErrorObject, type ValidateFunction } from 'ajv';
import { jsonSchemas } from '../../platform/json/json-schemas.js';
import { withoutNulls } from '../../core/adapters/without-nulls.js';

/** What we need to read of an event; the rest of its members is kept, not judged. */
export interface EventFields {
  readonly event: string;
  /** None: it is about the account. */
  readonly email?: string;
  /** Seconds since 1970. */
  readonly timestamp?: number | string;
  readonly sg_event_id?: string;
  readonly sg_message_id?: string;
  readonly 'smtp-id'?: string;
  readonly centralita_activity?: string;
  readonly reason?: string;
  readonly response?: string;
  readonly status?: number | string;
  readonly type?: string;
  /** Not judged: of a wrong type it says nothing. */
  readonly bounce_classification?: unknown;
}

/** The lengths are far above SendGrid's: they keep what becomes a key within what an index holds. */
const ID = { type: 'string', maxLength: 300 };
const TEXT = { type: 'string' };

/** Source: SendGrid docs, Event Webhook Reference. */
const isEvent: ValidateFunction<EventFields> = jsonSchemas.compile({
  type: 'object',
  required: ['event'],
  properties: {
    event: { type: 'string', maxLength: 100 },
    email: { type: 'string', maxLength: 320 },
    timestamp: { type: ['number', 'string'] },
    sg_event_id: ID,
    sg_message_id: ID,
    'smtp-id': ID,
    centralita_activity: ID,
    reason: TEXT,
    response: TEXT,
    status: { type: ['number', 'string'] },
    type: TEXT,
  },
});

/** The event as it is, but for what it says nothing in; or the sentence that says what is wrong with it. */
export function readEvent(item: unknown): EventFields | string {
  if (isEvent(item)) return item;
  const said = withoutNulls(item);
  return isEvent(said) ? said : describe(isEvent.errors);
}

function describe(errors: readonly ErrorObject[] | null | undefined): string {
  const [error] = errors ?? [];
  const field = error?.instancePath.slice(1);
  if (error?.keyword === 'required') return `${String(error.params.missingProperty)} is missing.`;
  if (error?.keyword === 'maxLength') return `${field} is longer than ${String(error.params.limit)} characters.`;
  return field ? `${field} is of a wrong type.` : 'It is no JSON object.';
}
