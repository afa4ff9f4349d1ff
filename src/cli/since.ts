const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A moment as a person writes it: `30m`, `24h` or `7d` before `now`, or a time such as `2026-11-25` or `2026-11-25T08:00:00Z`. Undefined for what is none. */
export function readSince(text: string, now: Date): Date | undefined {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (count && unit) return new Date(now.getTime() - Number(count) * UNIT_MS[unit]!);
  const time = /^\d{4}-\d{2}-\d{2}(T.*)?$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? undefined : new Date(time);
}
