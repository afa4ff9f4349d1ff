import { Global, Module } from '@nestjs/common';
import { provideConfig } from '../config/config.module.js';
import { Log } from './log.service.js';
import { LoggingConfig } from './logging.config.js';

/**
 * Logging: structured lines, named by their event.
 * Owns nothing. Always: no body, no secret and no whole address at info level.
 */
@Global()
@Module({
  providers: [
    provideConfig(LoggingConfig),
    { provide: Log, useFactory: (config: LoggingConfig) => new Log(config), inject: [LoggingConfig] },
  ],
  exports: [Log],
})
export class LoggingModule {}
