import { type ErrorObject } from 'ajv';

/** Makes the sentence on what could not be read of `what`. */
export function describeFieldErrors(what: string): (errors: readonly ErrorObject[] | null | undefined) => string {
  return (errors) => {
    const [error] = errors ?? [];
    if (error?.keyword === 'required') return `${String(error.params.missingProperty)} is missing.`;
    if (error?.keyword === 'maxLength') return `${error.instancePath.slice(1)} is longer than ${String(error.params.limit)} characters.`;
    return `The parameters are not those of ${what}.`;
  };
}
