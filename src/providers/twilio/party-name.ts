import { boundedText } from '../../core/adapters/bounded-text.js';

const MAX_LENGTH = 200;

/** What the other party is called, by its profile or its carrier: Twilio says of neither how long it may be. */
export function partyName(name: string): string {
  return boundedText(name, MAX_LENGTH);
}
