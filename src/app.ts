import 'reflect-metadata';
import { ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule, type Start } from './app.module.js';
import { authenticateLargeBodies } from './core/access/large-bodies.guard.js';
import { MediaConfig } from './core/attachments/media.config.js';
import { type RefusalHint } from './core/deliveries/refusal-hint.js';
import { ensureEpoch, EPOCH_TRANSACTION } from './core/feed/epoch.service.js';
import { DOUBT_DUE } from './core/sends/due-items.sql.js';
import { ConfigError, readConfig } from './platform/config/read-config.js';
import { type Environment, foldEnvironment } from './platform/config/environment.js';
import { DatabaseConfig } from './platform/database/database.config.js';
import { DatabaseService } from './platform/database/database.service.js';
import { newId } from './platform/database/new-id.service.js';
import { answerFrameworkError } from './platform/errors/framework-errors.js';
import { VALIDATION } from './platform/graphql/optional-input.decorator.js';
import { boundBodiesInFlight } from './platform/http/bodies-in-flight.js';
import { BODY_LIMIT_BYTES, limitBodies, limitBodiesByRoute, ownLimitOf } from './platform/http/body-limits.js';
import { keepRawBodies } from './platform/http/content-types.js';
import { prepareApolloRequests } from './platform/graphql/apollo-requests.js';
import { AUTHENTICATOR, type Authenticator } from './platform/graphql/authenticator.js';
import { HttpConfig } from './platform/http/http.config.js';
import { Log } from './platform/logging/log.service.js';
import { LoggingConfig } from './platform/logging/logging.config.js';
import { CONFIGS } from './configs.js';
import { STOP_SIGNALS } from './early-stop.service.js';
import { seedSenders } from './seed.js';
import { openStandIn } from './sandbox/open-stand-in.service.js';
import { wasSandbox, withSandbox } from './sandbox/sandbox-secrets.service.js';
import { type StandIn } from './sandbox/stand-in.service.js';

/** An operation may bring an email's attachments, which SendGrid takes up to 30 MB of, in base64. */
const LARGEST_OPERATION_BYTES = 42 << 20;
/** Of all webhooks that may be large, together, and of all operations and uploads: more would be read before anybody has seen who sent them, or held at once. */
const BODIES_IN_FLIGHT_BYTES = 256 << 20;
/** A request whose head has not come by then is given up, and one that is not whole by then: a mail of 30 MB may come over a slow line. */
const HEAD_TIMEOUT_MS = 30_000;
const REQUEST_TIMEOUT_MS = 300_000;

/** Mails; events of mails come by another door, and nobody plays one without its mail. */
const INBOUND_DOOR = /\/inbound(?:\?|$)/;

/** What `simulate` plays, by channel and provider. */
const SIMULATIONS: Readonly<Record<string, string>> = {
  'VOICE TWILIO': 'call',
  'SMS TWILIO': 'sms',
  'WHATSAPP TWILIO': 'whatsapp',
  'WHATSAPP META': 'whatsapp --provider meta',
  'EMAIL SENDGRID': 'email',
};

/** In the sandbox nobody but us signs. */
const sandboxHint: RefusalHint = ({ channel, provider, url }) => {
  const simulation = channel === 'EMAIL' && !INBOUND_DOOR.test(url) ? undefined : SIMULATIONS[`${channel} ${provider}`];
  return simulation ? ` In the sandbox, \`npx centralita simulate ${simulation} --curl\` prints a delivery that is signed.` : '';
};

/** An application that listens nowhere yet, and what a person is told of it. */
export interface BuiltApp {
  readonly app: NestFastifyApplication;
  readonly http: HttpConfig;
  /** What stands in for the providers, in the sandbox. */
  readonly standIn: StandIn | undefined;
}

/** Reads the whole configuration, then builds the application. Throws ConfigError with a line for each variable that is wrong. */
export async function buildApp(given: Environment): Promise<BuiltApp> {
  const { DATA_DIR: dataDir } = readConfig(DatabaseConfig, given);
  const { environment: withSecrets, active: sandbox } = withSandbox(given, dataDir);
  // Not what the sandbox folds over it: a bad value would be noticed only on the day that the sandbox is left.
  checkConfigs(given, sandbox);
  if (!sandbox) {
    return build(withSecrets, { seeds: seedSenders(given, wasSandbox(dataDir) ? 'LEFT' : 'NEVER'), refusalHint: () => '' });
  }
  const standIn = await openStandIn(withSecrets, dataDir);
  try {
    // A base URL that was set is the operator's word on where that provider is.
    const environment = foldEnvironment(withSecrets, standIn.baseUrls);
    return await build(environment, { seeds: seedSenders(given, 'ACTIVE'), refusalHint: sandboxHint, standIn });
  } catch (error) {
    await standIn.stop();
    throw error;
  }
}

async function build(environment: Environment, start: Start): Promise<BuiltApp> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEAD_TIMEOUT_MS },
    routerOptions: { ignoreTrailingSlash: true },
    genReqId: newId,
    frameworkErrors: answerFrameworkError,
    forceCloseConnections: 'idle',
  });
  const log = new Log(readConfig(LoggingConfig, environment));
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(environment, start), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: log.forNest(),
  });
  const http = app.get(HttpConfig);
  keepRawBodies(adapter.getInstance());
  limitBodiesByRoute(adapter.getInstance());
  boundBodiesInFlight(adapter.getInstance(), BODIES_IN_FLIGHT_BYTES, (route) => ownLimitOf(route) !== undefined);
  prepareApolloRequests(adapter.getInstance());
  const large = { '/media': readConfig(MediaConfig, environment).MEDIA_MAX_BYTES, '/graphql': LARGEST_OPERATION_BYTES };
  limitBodies(adapter.getInstance(), large);
  boundBodiesInFlight(adapter.getInstance(), BODIES_IN_FLIGHT_BYTES, ({ url }) => url in large);
  authenticateLargeBodies(adapter.getInstance(), Object.keys(large), () => app.get<Authenticator>(AUTHENTICATOR, { strict: false }));
  app.useGlobalPipes(new ValidationPipe(VALIDATION));
  if (http.corsOrigins.length)
    app.enableCors({
      origin: [...http.corsOrigins],
      methods: ['GET', 'POST'],
      exposedHeaders: ['Retry-After'],
      maxAge: 600,
    });
  app.enableShutdownHooks([...STOP_SIGNALS], { useProcessExit: true });
  return { app, http, standIn: start.standIn };
}

/** Brings the database to this version's schema, without a server; with `newEpoch`, ends every cursor handed out so far. */
export async function migrate(
  environment: Environment,
  { newEpoch }: { readonly newEpoch: boolean },
): Promise<{ applied: readonly string[]; epoch: 'kept' | 'new' }> {
  const applied: string[] = [];
  const log = new Log(readConfig(LoggingConfig, { ...environment, LOG_LEVEL: 'warn' }));
  const database = await DatabaseService.open(readConfig(DatabaseConfig, environment), {
    info: (event, fields = {}) => void (event === 'database.migrated' && applied.push(...(fields.applied as string[]))),
    warn: (event, fields) => log.warn(event, fields),
    error: (event, error, fields) => log.error(event, error, fields),
  });
  try {
    const { began } = await database.prisma.$transaction((tx) => ensureEpoch(tx, [DOUBT_DUE], newEpoch), EPOCH_TRANSACTION);
    return { applied, epoch: began ? 'new' : 'kept' };
  } finally {
    await database.onApplicationShutdown();
  }
}

/** Every module reads its own again when it is made; here all that is wrong is said at once, before anything starts. */
function checkConfigs(environment: Environment, sandbox: boolean): void {
  const lines = CONFIGS.flatMap((config) => {
    try {
      readConfig(config, environment);
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return error.lines;
      throw error;
    }
  });
  if (!sandbox && !environment.PUBLIC_URL)
    lines.push(
      'PUBLIC_URL must be set where the sandbox is off (real credentials, or SANDBOX=false): the https:// address that you paste at the providers',
    );
  if (lines.length) throw new ConfigError(lines);
}
