import { Injectable, type LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { reasonOf } from '../errors/reason-of.js';
import { type LoggingConfig } from './logging.config.js';

/** What Nest says of a start that failed: whoever started it says so, in one line. */
const STARTING = new Set(['ExceptionHandler', 'NestApplication']);

/** Fields of one line: ids, counts, durations. Never a body, a secret or a whole address. */
export type LogFields = Record<string, string | number | boolean | null | undefined | readonly string[]>;

/**
 * The log: one JSON object a line (readable text where a person looks on). `event` is the line's name, such as
 * `delivery.recorded`; docs/logs.md lists them.
 */
@Injectable()
export class Log {
  private readonly debugs: readonly string[];

  constructor(
    config: LoggingConfig,
    private readonly logger: Logger = createLogger(config),
  ) {
    this.debugs = (config.DEBUG ?? '').split(',').filter(Boolean);
  }

  info(event: string, fields: LogFields = {}): void {
    this.logger.info({ event, ...fields });
  }

  /** Someone should look. */
  warn(event: string, fields: LogFields = {}): void {
    this.logger.warn({ event, ...fields });
  }

  /** A promise is at risk. */
  error(event: string, error: unknown, fields: LogFields = {}): void {
    this.logger.error({ event, ...fields, error: describe(error) });
  }

  /** Detail of one room (`webhook:sms`), written when DEBUG names it. The fields are made only then. */
  debug(room: string, event: string, fields: () => LogFields): void {
    if (!this.debugs.length || !this.debugs.some((wanted) => matches(wanted, room))) return;
    this.logger[this.logger.isLevelEnabled('info') ? 'info' : (this.logger.level as 'warn')]({ event, room, ...fields() });
  }

  /** Nest's own lines: only what went wrong is worth one. */
  forNest(): LoggerService {
    const say =
      (level: 'warn' | 'error') =>
      (message: unknown, ...rest: unknown[]) => {
        const [stackOrContext, context] = rest;
        if (STARTING.has(String(context ?? stackOrContext))) return;
        this.logger[level]({
          event: 'nest',
          context: context ?? stackOrContext,
          message: message instanceof Error ? message.message : String(message),
        });
      };
    return {
      log: () => undefined,
      verbose: () => undefined,
      debug: () => undefined,
      warn: say('warn'),
      error: say('error'),
      fatal: say('error'),
    };
  }
}

/** Name, message and stack: what else an error carries may quote what somebody wrote. */
function describe(error: unknown): { type: string; message: string; stack: string | undefined } {
  const { name = typeof error, stack } = (typeof error === 'object' ? (error ?? {}) : {}) as Partial<Error>;
  return { type: name, message: reasonOf(error), stack: stack?.slice(stack.indexOf('\n    at ') + 1) };
}

function matches(wanted: string, room: string): boolean {
  return wanted === room || wanted === '*' || (wanted.endsWith('*') && room.startsWith(wanted.slice(0, -1)));
}

function createLogger(config: LoggingConfig): Logger {
  const options = { level: config.LOG_LEVEL, base: undefined, timestamp: pino.stdTimeFunctions.isoTime };
  if (!process.stdout.isTTY) return pino(options);
  return pino(options, pretty({ colorize: true, messageKey: 'event', ignore: 'event', sync: true }) as DestinationStream);
}
