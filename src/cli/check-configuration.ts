import { CONFIGS } from '../configs.js';
import { type Environment } from '../platform/config/environment.js';
import { ConfigError, readConfig } from '../platform/config/read-config.js';
import { type ConfigClass, variablesOf } from '../platform/config/variable.js';
import { type Finding, fix, off, ok } from './finding.js';

/** What each module has of its variables: names alone. A provider that lacks some is off. `environment`: the sandbox's folded in. */
export function checkConfiguration(environment: Environment): Finding[] {
  return CONFIGS.flatMap((config) => checkModule(config, environment));
}

/** Whether a provider has all it wants; false for what is no provider. */
export function isOn(name: string, environment: Environment): boolean {
  const config = CONFIGS.find((one) => one.name === `${name}Config`);
  return config !== undefined && missingOf(config, environment)?.length === 0;
}

function checkModule(config: ConfigClass, environment: Environment): Finding[] {
  const name = config.name.replace(/Config$/, '');
  const set = variablesOf(config)
    .map((card) => card.name)
    .filter((variable) => variable in environment);
  try {
    const missing = missingOf(config, environment);
    const has = set.length ? `${set.join(', ')} set` : 'nothing set';
    if (missing?.length) return [off(`${name}: off. To turn it on set ${missing.join(' and ')} (${has})`)];
    return [ok(`${name}: ${missing ? 'on; ' : ''}${has}`)];
  } catch (error) {
    if (error instanceof ConfigError) return error.lines.map((line) => fix(`${name}: ${line}`));
    throw error;
  }
}

/** Undefined where the module is no provider. */
function missingOf(config: ConfigClass, environment: Environment): readonly string[] | undefined {
  return (readConfig(config, environment) as { missing?: readonly string[] }).missing;
}

/** Whether providers can call what PUBLIC_URL names. */
export function checkPublicUrl(publicUrl: string | undefined, sandbox: boolean): Finding {
  if (sandbox) return ok('PUBLIC_URL: not needed, the sandbox stands in for the providers');
  if (publicUrl === undefined)
    return fix('PUBLIC_URL: unset. Set it to the https:// address that you paste at the providers, without a path');
  if (!URL.canParse(publicUrl)) return fix('PUBLIC_URL: no address. It begins with https://');
  const { protocol, hostname } = new URL(publicUrl);
  if (/^(localhost|127\.|10\.|192\.168\.|\[::1\]$)/.test(hostname))
    return fix(
      'PUBLIC_URL: providers cannot reach an address of this machine or network. Use a public name, or a tunnel while you develop',
    );
  if (protocol !== 'https:')
    return fix(
      'PUBLIC_URL: http:// shows what is said to everybody between. Put a proxy that ends TLS in front, and set its https:// address',
    );
  return ok('PUBLIC_URL: an https:// address of a public name');
}
