import { buildApp, type BuiltApp } from './app.js';
import { AdminKeyService } from './core/access/admin-key.service.js';
import { readEnvironmentFiles } from './platform/config/environment-files.service.js';
import { type Environment, foldEnvironment } from './platform/config/environment.js';
import { stopEarly } from './early-stop.service.js';
import { ConfigError } from './platform/config/read-config.js';
import { type HttpConfig } from './platform/http/http.config.js';
import { DatabaseService } from './platform/database/database.service.js';
import { ServerFileService } from './platform/http/server-file.service.js';

/** A server that listens. */
export interface StartedServer extends BuiltApp {
  readonly url: string;
}

/** Starts the server and says where it is. Throws ConfigError or DatabaseStartError: one line for a person each. */
export async function main(): Promise<void> {
  const started = await start(foldEnvironment(process.env, ...readEnvironmentFiles(process.cwd())));
  console.log(startLines(started).join('\n'));
}

/** Starts the server that `environment` asks for, and says nothing. Throws as `main` does. */
export async function start(environment: Environment): Promise<StartedServer> {
  const listenNoMore = stopEarly();
  const built = await buildApp(environment).finally(listenNoMore);
  const { app, http } = built;
  const url = urlOf(http);
  try {
    await listen(built);
    app.get(ServerFileService).note(url);
  } catch (error) {
    await app.close();
    const line = whyNotListening(error as NodeJS.ErrnoException, http);
    throw line === undefined ? error : new ConfigError([line]);
  }
  return { ...built, url };
}

/** Where this machine reaches it. */
function urlOf({ HOST: host, PORT: port }: HttpConfig): string {
  if (host === undefined || ['0.0.0.0', '::', '127.0.0.1', '::1', 'localhost'].includes(host)) return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Of a host or a port that cannot be listened on. */
const NOT_OF_THIS_MACHINE = ['ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL', 'EINVAL'];

function whyNotListening({ code = '' }: NodeJS.ErrnoException, { HOST: host, PORT: port }: HttpConfig): string | undefined {
  if (code === 'EADDRINUSE') return `PORT ${port} is taken by another program. Choose another: PORT=${port + 1} npm start`;
  if (code === 'EACCES') return `PORT ${port} is not for this user. Choose one from 1024 on: PORT=3000 npm start`;
  if (host === undefined || !NOT_OF_THIS_MACHINE.includes(code)) return undefined;
  return 'HOST must be an address or a name of this machine, without a port, such as 0.0.0.0';
}

/** The sandbox answers this machine alone. */
async function listen({ app, http, standIn }: BuiltApp): Promise<void> {
  if (http.HOST ?? standIn) return void (await app.listen(http.PORT, http.HOST ?? '127.0.0.1'));
  try {
    await app.listen(http.PORT, '::');
  } catch (error) {
    if (!['EAFNOSUPPORT', 'EADDRNOTAVAIL'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await app.listen(http.PORT, '0.0.0.0');
  }
}

function startLines({ app, http, standIn, url }: StartedServer): string[] {
  const key = app.get(AdminKeyService).file ?? 'ADMIN_API_KEY';
  return [
    '',
    `  GraphQL    ${url}/graphql  (the same over WebSocket)`,
    `  Webhooks   ${http.publicUrl}/api/webhooks/sms/twilio, …/whatsapp/twilio, …/whatsapp/meta, …/voip/twilio, …/email/sendgrid`,
    `  Data       ${app.get(DatabaseService).where}`,
    `  Admin key  ${key}`,
    `  Node       ${process.versions.node}`,
    ...(standIn
      ? [
          '  Providers  none has credentials yet: the sandbox stands in, for this machine alone',
          `  Sandbox    ${standIn.url}/_sandbox/requests  (what the providers were asked)`,
        ]
      : []),
    '',
    '  Try it, in another terminal:',
    '',
    ...(standIn
      ? ['    npx centralita simulate sms', `    npx centralita send sms --to +12025550147 --body "We open at nine."`]
      : ['    npx centralita doctor        (which providers are on, and what is missing)', '    npx centralita simulate sms']),
    '',
    `Centralita is ready at ${url}`,
  ];
}
