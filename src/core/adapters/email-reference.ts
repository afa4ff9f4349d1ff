/** The directory's value of an email: the provider's id of the message names all of its recipients. */
export function emailReference(messageId: string, recipient: string): string {
  return `${messageId} ${recipient.toLowerCase()}`;
}
