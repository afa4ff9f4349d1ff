import { Ajv } from 'ajv';
import { describeFieldErrors } from './field-errors.js';

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

/** Compiled at the start. After false, its `errors` say why. */
export const isMessage = new Ajv().compile<MessageFields>(schema);

export const describeMessageErrors = describeFieldErrors('a message');
