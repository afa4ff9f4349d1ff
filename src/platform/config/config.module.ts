import { type DynamicModule, type FactoryProvider, Global, Module } from '@nestjs/common';
import { type Environment } from './environment.js';
import { readConfig } from './read-config.js';
import { type ConfigClass } from './variable.js';

/** Injects the folded environment of this process. Only config classes read it. */
const ENVIRONMENT = Symbol('ENVIRONMENT');

/**
 * Configuration: read once at the start, validated, immutable afterwards.
 * Each module describes its own variables in a class (`*.config.ts`) and provides it with `provideConfig`.
 */
@Global()
@Module({})
export class ConfigModule {
  static forRoot(environment: Environment): DynamicModule {
    return { module: ConfigModule, providers: [{ provide: ENVIRONMENT, useValue: environment }], exports: [ENVIRONMENT] };
  }
}

/** A provider of `config`, read from the environment. */
export function provideConfig<T extends object>(config: ConfigClass<T>): FactoryProvider<T> {
  return { provide: config, useFactory: (environment: Environment) => readConfig(config, environment), inject: [ENVIRONMENT] };
}
