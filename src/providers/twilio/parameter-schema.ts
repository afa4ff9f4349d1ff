import { type ErrorObject } from 'ajv';
import { jsonSchemas } from '../../platform/json/json-schemas.js';

/** The lengths are far above Twilio's (a sid has 34 characters): they keep what becomes a key within what an index holds. */
export const ID = { type: 'string', maxLength: 200 };
export const ADDRESS = { type: 'string', maxLength: 300 };
export const TEXT = { type: 'string' };

/** The fields that are read of a request's parameters. */
export interface FieldSchema<T> {
  readonly names: readonly (keyof T & string)[];
  /** The fields as they are, or the sentence that says what is wrong with them. */
  check(fields: object): T | string;
}

/** Compiled at the start. `what` such a request is about, as its errors call it. */
export function compileFields<T>(what: string, required: keyof T & string, properties: Record<keyof T & string, object>): FieldSchema<T> {
  const isWhole = jsonSchemas.compile<T>({ type: 'object', required: [required], properties });
  return {
    names: Object.keys(properties) as (keyof T & string)[],
    check: (fields) => (isWhole(fields) ? fields : describe(what, isWhole.errors)),
  };
}

function describe(what: string, errors: readonly ErrorObject[] | null | undefined): string {
  const [error] = errors ?? [];
  if (error?.keyword === 'required') return `${String(error.params.missingProperty)} is missing.`;
  if (error?.keyword === 'maxLength') return `${error.instancePath.slice(1)} is longer than ${String(error.params.limit)} characters.`;
  return `The parameters are not those of ${what}.`;
}
