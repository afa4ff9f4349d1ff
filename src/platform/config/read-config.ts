import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { type Environment } from './environment.js';
import { type ConfigClass, variablesOf } from './variable.js';

/** A start that cannot be: each line names a variable and says what would be right. Never shows a value: it may be a secret. */
export class ConfigError extends Error {
  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'ConfigError';
  }
}

/** As a file of variables has them that is read without a shell, such as `docker run --env-file`. */
const IN_QUOTES = /^(?:"[^"]*"|'[^']*')$/;

/** Reads and validates the variables that `config` declares. Throws ConfigError. */
export function readConfig<T extends object>(config: ConfigClass<T>, environment: Environment): T {
  const given = Object.fromEntries(variablesOf(config).flatMap(({ name }) => (name in environment ? [[name, environment[name]]] : [])));
  const quoted = Object.entries(given).flatMap(([name, value]) => (value !== undefined && IN_QUOTES.test(value) ? [name] : []));
  if (quoted.length) throw new ConfigError(quoted.map((name) => `${name} is in quotes, and they would be part of it: leave them out`));
  const instance = plainToInstance(config, given, { exposeDefaultValues: true });
  const errors = validateSync(instance, { skipMissingProperties: false, whitelist: false });
  if (errors.length) throw new ConfigError(errors.flatMap((error) => Object.values(error.constraints ?? {}).slice(0, 1)));
  return instance;
}
