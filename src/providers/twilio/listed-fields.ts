/** Whether it is an id by which a thing can be known: a sid has 34 characters. */
export function isListedId(sid: unknown): sid is string {
  return typeof sid === 'string' && sid !== '' && sid.length <= 200;
}

/** The SDK gives the text where it could not read a time. */
export function timeOf(value: unknown): Date | null {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value : null;
}
