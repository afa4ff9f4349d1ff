import 'reflect-metadata';

/** What the documentation says of one environment variable. */
export interface VariableCard {
  readonly name: string;
  readonly description: string;
  /** Shown in `.env.example`; never a working secret. */
  readonly example: string;
}

const CARDS = Symbol('variable-cards');

/** Declares a property of a config class to be the environment variable of the same name. The property's initial value is the default. */
export function Variable(description: string, example = ''): PropertyDecorator {
  return (target, property) => {
    const cards = variablesOf(target.constructor as ConfigClass);
    Reflect.defineMetadata(CARDS, [...cards, { name: String(property), description, example }], target.constructor);
  };
}

export type ConfigClass<T extends object = object> = new () => T;

/** The variables a config class declares, in the order it declares them. */
export function variablesOf(config: ConfigClass): readonly VariableCard[] {
  return (Reflect.getMetadata(CARDS, config) as VariableCard[] | undefined) ?? [];
}
