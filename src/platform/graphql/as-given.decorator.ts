import { Transform } from 'class-transformer';
import { type GivenJson } from './json.scalar.js';

/**
 * A field of JSON in an input class. Nest's pipe and class-transformer rebuild objects without members called `constructor`, `prototype` or
 * `toString`, and end the stack on deep ones; of this they see nothing.
 */
export const AsGiven = (): PropertyDecorator =>
  Transform(({ obj, key }: { obj: Record<string, GivenJson | null | undefined>; key: string }) => {
    const given = obj[key];
    return given && given.value;
  });
