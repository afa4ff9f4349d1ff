import { ADDRESS, compileFields, ID, TEXT } from './parameter-schema.js';

/** What we need to read of an email's event. */
export interface EmailEventFields {
  readonly message_id: string;
  readonly event_type?: string;
  readonly to_email?: string;
  readonly from_email?: string;
  readonly subject?: string;
  /** Seconds since 1970, or a time in ISO 8601. */
  readonly timestamp?: number | string;
  readonly status?: string;
  readonly reason?: string;
}

/**
 * The JSON of the "Twilio Email API" as early guides show it; no page of Twilio's documents it. Its product of that name
 * (`comms.twilio.com`) speaks otherwise.
 */
export const EMAIL_EVENT = compileFields<EmailEventFields>('an event of an email', 'message_id', {
  message_id: ID,
  event_type: ID,
  to_email: ADDRESS,
  from_email: ADDRESS,
  subject: TEXT,
  timestamp: { type: ['number', 'string'] },
  status: ID,
  reason: TEXT,
});
