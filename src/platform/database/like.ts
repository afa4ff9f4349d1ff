/** Text as a pattern of LIKE that means itself. */
export function likeEscaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
