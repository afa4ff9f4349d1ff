/** A form, or a query, as an object: a name that is repeated has all its values. */
export function asObject(parameters: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length === 1 ? values[0]! : values];
    }),
  );
}

const LONGEST_TEXT = 4000;
const DEEPEST = 12;

/** What was asked, for who reads of it later: a file in it would fill the memory. */
export function shortened(value: unknown, depth = 0): unknown {
  if (typeof value === 'string' && value.length > LONGEST_TEXT) return `${value.slice(0, 100)}… (${value.length} characters)`;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return '…';
  if (Array.isArray(value)) return value.map((item) => shortened(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shortened(item, depth + 1)]));
}

/** The value of a parameter; an empty one is as good as none. */
export const valueOf = (parameters: URLSearchParams, name: string): string | undefined => parameters.get(name) || undefined;

/** The query of a request's URL. */
export function queryOf(url: string): URLSearchParams {
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at));
}

export const pathOf = (url: string): string => url.split('?', 1)[0]!;

/** A body as the form that it is; of another kind it says nothing. */
export const formOf = (body: unknown): URLSearchParams => (body instanceof URLSearchParams ? body : new URLSearchParams());
