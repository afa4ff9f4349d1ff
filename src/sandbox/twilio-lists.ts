/** RFC 2822, as Twilio writes it. */
export const dateTime = (time: Date): string => time.toUTCString().replace('GMT', '+0000');

const STANDARD_PAGE_SIZE = 50;
const LARGEST_PAGE = 1000;

export interface TwilioList<T> {
  /** Of the items in the answer: `messages`. */
  readonly key: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** All that may be listed, the newest first. */
  readonly items: readonly T[];
  readonly present: (item: T) => object;
}

/** A page of a list of the API of 2010, which goes on after the item that its token names. Source: Twilio docs, Response types, paging. */
export function page<T extends { readonly sid: string }>({ key, path, query, items, present }: TwilioList<T>): object {
  const asked = Number(query.get('PageSize') ?? STANDARD_PAGE_SIZE);
  const size = Number.isInteger(asked) && asked >= 1 ? Math.min(asked, LARGEST_PAGE) : STANDARD_PAGE_SIZE;
  const number = Math.max(0, Math.floor(Number(query.get('Page')) || 0));
  const after = query.get('PageToken')?.replace(/^PA/, '');
  const start = after === undefined ? 0 : items.findIndex(({ sid }) => sid === after) + 1;
  const shown = items.slice(start, start + size);
  const last = shown.at(-1);
  const uri = (nth: number, token?: string) => {
    const parameters = new URLSearchParams(query);
    for (const [name, value] of Object.entries({ PageSize: String(size), Page: String(nth), PageToken: token })) {
      if (value === undefined) parameters.delete(name);
      else parameters.set(name, value);
    }
    return `${path}?${parameters.toString()}`;
  };
  return {
    [key]: shown.map(present),
    page: number,
    page_size: size,
    start: number * size,
    end: number * size + Math.max(0, shown.length - 1),
    uri: uri(number, query.get('PageToken') ?? undefined),
    first_page_uri: uri(0),
    next_page_uri: last && start + size < items.length ? uri(number + 1, `PA${last.sid}`) : null,
    previous_page_uri: null,
  };
}

/** Whether a time is as a query wants it: `DateSent` on that day, `DateSent>` then or later, `DateSent<` then or earlier. */
export function isWithin(time: Date, query: URLSearchParams, name: string): boolean {
  const [on, from, until] = ['', '>', '<'].map((mark) => query.get(name + mark));
  if (on && time.toISOString().slice(0, 10) !== new Date(on).toISOString().slice(0, 10)) return false;
  if (from && time.getTime() < Date.parse(from)) return false;
  // A day alone means all of it; Twilio knows no parts of a second.
  return !until || Math.floor(time.getTime() / 1000) * 1000 <= Date.parse(until) + (until.length === 10 ? 86_399_999 : 0);
}

/** The names whose value in `query` is no time. */
export function badTimes(query: URLSearchParams, name: string): readonly string[] {
  return [name, `${name}>`, `${name}<`].filter((one) => query.get(one) && Number.isNaN(Date.parse(query.get(one)!)));
}

/** Whether a value is the one that a query asks for, if it asks for one. */
export const isAsked = (query: URLSearchParams, name: string, value: string | null): boolean =>
  !query.get(name) || query.get(name) === value;
