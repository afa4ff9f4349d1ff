import { type WebhookParameters } from './form.js';

/**
 * Reads a JSON object as the parameters a form would have held: same names, values as text, a list as a repeated name.
 * What has members is kept as its JSON; null is an empty value. Undefined where the bytes are not a JSON object, or nest deeper than can be written.
 */
export function parseJsonParameters(body: Buffer): WebhookParameters | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value !== 'object' || value === null || Array.isArray(value) ? undefined : parametersOfObject(value);
  } catch {
    return undefined;
  }
}

/** The members of an object as parameters, read alike. */
export function parametersOfObject(object: object): WebhookParameters {
  return new Map(
    Object.entries(object).map(([name, member]: [string, unknown]) => [name, (Array.isArray(member) ? member : [member]).map(asText)]),
  );
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null ? '' : JSON.stringify(value);
}
