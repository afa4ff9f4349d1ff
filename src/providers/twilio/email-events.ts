import { normalizeEmailEvents } from './normalize-email-events.js';
import { type TwilioRequests } from './twilio.adapter.js';

/** Events of emails, told by JSON. */
export const EMAIL_EVENTS: TwilioRequests = {
  normalize: ({ body }) => normalizeEmailEvents(body),
  answer: () => undefined,
};
