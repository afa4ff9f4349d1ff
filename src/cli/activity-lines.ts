/** Names and values in two columns, for a person; a value of several lines stays in its column, what could steer a terminal is shown as `?`. */
export function activityLines(fields: Readonly<Record<string, unknown>>): string {
  const shown = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  const width = Math.max(...shown.map(([name]) => name.length)) + 2;
  return shown
    .map(([name, value]) => `  ${name.padEnd(width)}${printable(String(value)).replaceAll('\n', `\n${' '.repeat(width + 2)}`)}`)
    .join('\n');
}

const printable = (text: string) => text.replace(/(?!\n)\p{Cc}/gu, '?');
