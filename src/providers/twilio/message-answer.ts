import { isInboundMessage, normalizeMessage } from './normalize-message.js';
import { toldByParameters } from './told-by-parameters.js';

/** Never text/plain: Twilio would send the answer to the person. */
const NO_ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

/** Messages: SMS and MMS, and WhatsApp's, which differ in nothing but the prefix of their addresses. */
export const MESSAGES = toldByParameters({
  normalize: normalizeMessage,
  answer: (parameters) => (isInboundMessage(parameters) ? NO_ANSWER : undefined),
});
