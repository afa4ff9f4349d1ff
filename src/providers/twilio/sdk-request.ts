type Scalar = string | number | boolean | null | undefined;

/** A list is a parameter that is repeated, as the SDK's own client writes it. */
export function formOf(data: object): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(data) as [string, Scalar | Scalar[]][])
    for (const item of Array.isArray(value) ? value : [value]) if (item !== undefined && item !== null) form.append(name, String(item));
  return form.toString();
}

/** Twilio's own host of a region, such as `api.dublin.ie1.twilio.com`: each product has another there. */
const REGION = /^(https:\/\/)api(?=(?:\.[\w-]+)*\.twilio\.com(?:\/|$))/;

/** Where a request of the SDK goes: `base` in place of its origin. */
export function reachedAt(uri: string, parameters: object | undefined, base: string | undefined): string {
  const url = new URL(uri);
  const query = [url.search.slice(1), parameters === undefined ? '' : formOf(parameters)].filter(Boolean).join('&');
  const origin = base?.replace(/\/+$/, '').replace(REGION, `$1${url.hostname.split('.', 1)[0]}`) ?? url.origin;
  return `${origin}${url.pathname}${query && `?${query}`}`;
}
