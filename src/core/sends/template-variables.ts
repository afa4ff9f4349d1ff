import { type Template } from '../adapters/outbound.js';

/** What fills a template's places, as text; numbered from 1 where a list was given. Undefined for what is neither a list nor an object of texts and numbers. */
export function readVariables(given: unknown): Readonly<Record<string, string>> | undefined {
  if (given === null || given === undefined) return {};
  if (typeof given !== 'object') return undefined;
  const members = Array.isArray(given) ? given.map((value: unknown, i) => [String(i + 1), value] as const) : Object.entries(given);
  const read: Record<string, string> = {};
  for (const [name, value] of members) {
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    read[name] = String(value);
  }
  return read;
}

/** What of a template nothing fills; else what of its places is missing, or given and none of them; undefined where all is right. */
export function misfitOf(template: Template, variables: Readonly<Record<string, string>>): Readonly<Record<string, string>> | undefined {
  if (template.unfillable?.length) return { unfillable: template.unfillable.join(', ') };
  const missing = template.variables.filter((name) => variables[name] === undefined || variables[name] === '');
  const unknown = Object.keys(variables).filter((name) => !template.variables.includes(name));
  if (!missing.length && !unknown.length) return undefined;
  return { ...(missing.length && { missing: missing.join(', ') }), ...(unknown.length && { unknown: unknown.join(', ') }) };
}

/** The template's text with its places filled. */
export function filled({ body }: Template, variables: Readonly<Record<string, string>>): string {
  return body.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (place, name: string) => variables[name] ?? place);
}
