import { CONFIGS } from '../configs.js';
import { type Environment } from '../platform/config/environment.js';
import { ConfigError, readConfig } from '../platform/config/read-config.js';
import { type ConfigClass, variablesOf } from '../platform/config/variable.js';
import { type Finding, fix, off, ok } from './finding.js';

/**
 * What each module has of its variables: names alone. A provider that lacks some is off. `environment`: the sandbox's folded in; `given`: without
 * them, since what they stand before must be right too.
 */
export function checkConfiguration(environment: Environment, given = environment): Finding[] {
  return CONFIGS.flatMap((config) => checkModule(config, environment, given));
}

/** Whether a provider has all it wants; false for what is no provider. */
export function isOn(name: string, environment: Environment): boolean {
  const config = CONFIGS.find((one) => one.name === `${name}Config`);
  return config !== undefined && (readConfig(config, environment) as Provided).missing?.length === 0;
}

function checkModule(config: ConfigClass, environment: Environment, given: Environment): Finding[] {
  const name = config.name.replace(/Config$/, '');
  const set = variablesOf(config)
    .map((card) => card.name)
    .filter((variable) => variable in environment);
  try {
    readConfig(config, given);
    const { missing, missingToSend } = readConfig(config, environment) as Provided;
    const has = set.length ? `${set.join(', ')} set` : 'nothing set';
    if (!missing) return [ok(`${name}: ${has}`)];
    const isOn = !missing.length;
    return [
      isOn ? ok(`${name}: on; ${has}`) : off(`${name}: off. To turn it on set ${missing.join(' and ')} (${has})`),
      ...checkSending(name, isOn, missingToSend ?? []),
    ];
  } catch (error) {
    if (error instanceof ConfigError) return error.lines.map((line) => fix(`${name}: ${line}`));
    throw error;
  }
}

/** What a provider's class says beside its variables. */
interface Provided {
  /** Before it can receive; undefined where the module is no provider. */
  readonly missing?: readonly string[];
  readonly missingToSend?: readonly string[];
}

/** A provider that is off altogether has one line. */
function checkSending(name: string, receives: boolean, missing: readonly string[]): Finding[] {
  if (missing.length) return receives ? [off(`${name}, sending: off. To turn it on set ${missing.join(' and ')}`)] : [];
  if (receives) return [ok(`${name}, sending: on`)];
  return [off(`${name}, sending: on, but what becomes of what it sends is not heard while its webhooks are off`)];
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
