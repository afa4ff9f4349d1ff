import { hash } from 'node:crypto';

/** The directory's value of an email, since the provider's id of the message names all of its recipients. A hash: the directory outlives who is erased. */
export function emailReference(messageId: string, recipient: string): string {
  return hash('sha256', `${messageId} ${recipient.toLowerCase()}`);
}
