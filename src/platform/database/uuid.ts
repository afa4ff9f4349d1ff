const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether text is an id as ours are; what is not can be nobody's, and PostgreSQL need not be asked. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
