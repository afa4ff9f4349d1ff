/** Whether ISO 8601 writes its year in four digits, in UTC: what another zone writes so may be a year before or after. */
export function isOfPlainYear(date: Date): boolean {
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999;
}
