import { IsOptional } from 'class-validator';
import { ConfigError, readConfig } from './read-config.js';
import { Variable } from './variable.js';

class Config {
  @Variable('One.')
  @IsOptional()
  ONE?: string;
}

describe('readConfig', () => {
  it.each([`"secret"`, `'secret'`, '""'])('refuses %s, whose quotes would be part of the value, and does not show it', (ONE) => {
    expect(() => readConfig(Config, { ONE })).toThrow(new ConfigError(['ONE is in quotes, and they would be part of it: leave them out']));
  });

  it.each(['"', `"a`, `a"`, `"a" or "b"`, ''])('takes %s', (ONE) => {
    expect(readConfig(Config, { ONE }).ONE).toBe(ONE);
  });
});
