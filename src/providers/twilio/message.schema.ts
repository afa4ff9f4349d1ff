import { Ajv, type ErrorObject } from 'ajv';

/** What we need to read of a message webhook; the rest of its parameters is kept, not judged. */
export interface MessageFields {
  readonly MessageSid: string;
  readonly MessageStatus?: string;
  readonly SmsStatus?: string;
  readonly From?: string;
  readonly To?: string;
  readonly Body?: string;
  readonly MessagingServiceSid?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
  readonly ChannelStatusMessage?: string;
  readonly NumMedia?: string;
}

const id = { type: 'string', maxLength: 200 };
const address = { type: 'string', maxLength: 300 };
const text = { type: 'string' };

/**
 * The lengths are far above Twilio's (a sid has 34 characters): they keep what becomes a key within what an index holds.
 * Source: Twilio docs, Messaging webhook request; Track outbound message status.
 */
const schema = {
  type: 'object',
  required: ['MessageSid'],
  properties: {
    MessageSid: id,
    MessageStatus: id,
    SmsStatus: id,
    From: address,
    To: address,
    Body: text,
    MessagingServiceSid: id,
    ErrorCode: id,
    ErrorMessage: text,
    ChannelStatusMessage: text,
    NumMedia: text,
  } satisfies Record<keyof MessageFields, object>,
};

export const MESSAGE_FIELDS = Object.keys(schema.properties) as readonly (keyof MessageFields)[];

/** Compiled at the start. After false, its `errors` say why: see `describeMessageErrors`. */
export const isMessage = new Ajv().compile<MessageFields>(schema);

/** One sentence on what could not be read. */
export function describeMessageErrors(errors: readonly ErrorObject[] | null | undefined): string {
  const [error] = errors ?? [];
  if (error?.keyword === 'required') return `${String(error.params.missingProperty)} is missing.`;
  if (error?.keyword === 'maxLength') return `${error.instancePath.slice(1)} is longer than ${String(error.params.limit)} characters.`;
  return 'The parameters are not those of a message.';
}
