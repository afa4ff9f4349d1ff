import { type Environment } from '../platform/config/environment.js';
import { readConfig } from '../platform/config/read-config.js';
import { HttpConfig } from '../platform/http/http.config.js';
import { readSandboxSecrets } from './sandbox-secrets.service.js';
import { SandboxConfig } from './sandbox.config.js';
import { StandIn } from './stand-in.service.js';
import { type StandInSecrets } from './stand-in-settings.js';

/** As a person may follow it. */
const STEP_MS = 500;

/** The stand-in of a server that is about to start, with the secrets that its sandbox has kept in `dataDir`: it calls that server. */
export function openStandIn(environment: Environment, dataDir: string): Promise<StandIn> {
  const http = readConfig(HttpConfig, environment);
  return StandIn.start({
    secrets: readSandboxSecrets(dataDir) as unknown as StandInSecrets,
    publicUrl: http.publicUrl,
    deliverTo: `http://${hostToCall(http.HOST)}:${http.PORT}`,
    stepMs: STEP_MS,
    replies: readConfig(SandboxConfig, environment).SANDBOX_REPLIES === 'true',
  });
}

/** Where a server that listens on `host` is reached from its own machine. */
function hostToCall(host = '127.0.0.1'): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
