/** The last second of the year 9999, since 1970: what a provider writes of a later one is no time. */
export const LATEST_SECOND = 253_402_300_799;
