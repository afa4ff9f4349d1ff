/** The SQLSTATE of an error, as Prisma or pg carry it; undefined where the database said nothing. */
export function sqlStateOf(error: unknown): string | undefined {
  const seen = new Set<unknown>();
  for (let e: unknown = error; typeof e === 'object' && e !== null && !seen.has(e); e = inner(e)) {
    seen.add(e);
    const { originalCode, code } = e as { originalCode?: unknown; code?: unknown };
    for (const state of [originalCode, code])
      if (typeof state === 'string' && /^[0-9A-Z]{5}$/.test(state) && !/^P\d{4}$/.test(state)) return state;
  }
  return undefined;
}

/** What is to be stored is to blame: an unstorable character, a number out of range, a constraint, a value too long for its index. */
export function isDataError(error: unknown): boolean {
  return /^(22|23|54)/.test(sqlStateOf(error) ?? '');
}

/** Deadlock or serialization: the same again may go well. */
export function isSerializationFailure(error: unknown): boolean {
  return /^40/.test(sqlStateOf(error) ?? '');
}

/** Somebody else wrote a row of that key. */
export function isUniqueViolation(error: unknown): boolean {
  return sqlStateOf(error) === '23505';
}

export function isLockTimeout(error: unknown): boolean {
  return sqlStateOf(error) === '55P03';
}

function inner(error: object): unknown {
  const { meta, cause, driverAdapterError } = error as { meta?: unknown; cause?: unknown; driverAdapterError?: unknown };
  return driverAdapterError ?? cause ?? meta;
}
