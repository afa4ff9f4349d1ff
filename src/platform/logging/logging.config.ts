import { IsIn, IsOptional, Matches } from 'class-validator';
import { Variable } from '../config/variable.js';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export class LoggingConfig {
  @Variable('How much is logged: trace, debug, info, warn, error, fatal or silent.', 'info')
  @IsIn(LOG_LEVELS, { message: `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}` })
  LOG_LEVEL: (typeof LOG_LEVELS)[number] = 'info';

  @Variable('Detail of some rooms, by comma, whatever LOG_LEVEL says: `webhook:*` or `webhook:sms`.', 'webhook:*')
  @IsOptional()
  @Matches(/^[\w:*,-]+$/, { message: 'DEBUG must be a list of names by comma, such as webhook:*' })
  DEBUG?: string;
}
