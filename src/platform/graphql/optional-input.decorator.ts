import { type PipeTransform, ValidationPipe } from '@nestjs/common';
import { Args } from '@nestjs/graphql';

/** What every input is checked with. */
export const VALIDATION = { transform: true, whitelist: true, forbidUnknownValues: false } as const;

/**
 * An argument that is an input object, or null. Its class must be said: of a parameter typed `T | null` the compiler writes down `Object`, and
 * the global pipe checks nothing of that. Null stays null, which the pipe alone would make an empty object.
 */
export function OptionalInput(name: string, type: new () => object): ParameterDecorator {
  const pipe = new ValidationPipe({ ...VALIDATION, expectedType: type });
  const checked: PipeTransform<unknown> = { transform: (value, metadata) => (value == null ? value : pipe.transform(value, metadata)) };
  return Args(name, { type: () => type, nullable: true }, checked);
}
