import { type WebhookParameters } from './form.js';

/**
 * Reads a JSON object as the parameters a form would have held: same names, values as text, a list as a repeated name.
 * What has members is kept as its JSON; null is an empty value. Undefined where the bytes are not a JSON object.
 */
export function parseJsonParameters(body: Buffer): WebhookParameters | undefined {
  const value = parse(body.toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return parametersOfObject(value);
}

/** The members of an object as parameters, read alike. */
export function parametersOfObject(object: object): WebhookParameters {
  return new Map(
    Object.entries(object).map(([name, member]: [string, unknown]) => [name, (Array.isArray(member) ? member : [member]).map(asText)]),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null ? '' : JSON.stringify(value);
}
