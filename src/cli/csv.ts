/** A record of a CSV file: its fields by the header's names, and the line it begins on. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: Readonly<Record<string, string>>;
  /** Values that no column is for: most often, of text with the separator in it that wants quotes. */
  readonly surplus: readonly string[];
}

/** A quote that a line opens is never closed. */
export class UnclosedQuote extends Error {
  override name = 'UnclosedQuote';

  constructor(readonly line: number) {
    super(`line ${line} opens a quote that is never closed`);
  }
}

/** The header's names, in lower case, and the records below it. */
export interface CsvTable {
  readonly names: readonly string[];
  readonly records: readonly CsvRecord[];
}

/**
 * Reads CSV as RFC 4180 has it, with a header; `;` parts the fields where the header has no comma (as spreadsheets write it where the comma
 * is decimal). Names and values are trimmed, empty lines are none. Undefined of an empty text. Throws UnclosedQuote.
 */
export function readCsv(text: string): CsvTable | undefined {
  const [header, ...rest] = readRows(text.replace(/^\ufeff/, ''));
  if (!header) return undefined;
  const names = header.values.map((name) => name.toLowerCase());
  return {
    names,
    records: rest.map(({ line, values }) => ({
      line,
      fields: Object.fromEntries(names.map((name, i) => [name, values[i] ?? ''])),
      surplus: values.filter((value, i) => value && !names[i]),
    })),
  };
}

type Row = { readonly line: number; readonly values: readonly string[] };

function readRows(text: string): readonly Row[] {
  const delimiter = /^[^\r\n]*,/.test(text) ? ',' : ';';
  const rows: Row[] = [];
  let [values, value, quoted, line, firstLine, quoteLine]: [string[], string, boolean, number, number, number] = [[], '', false, 1, 1, 1];
  const endRow = () => {
    values.push(value.trim());
    if (values.some(Boolean)) rows.push({ line: firstLine, values });
    [values, value, firstLine] = [[], '', line];
  };
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (character === '\n') line++;
    if (quoted && character === '"' && text[i + 1] === '"') value += text[i++];
    else if (character === '"' && (quoted || value.trim() === '')) [quoted, quoteLine] = [!quoted, line];
    else if (!quoted && character === delimiter) [value] = ['', values.push(value.trim())];
    else if (!quoted && character === '\n') endRow();
    else value += character;
  }
  if (quoted) throw new UnclosedQuote(quoteLine);
  endRow();
  return rows;
}
