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

/** What to paste at each provider, below PUBLIC_URL. Twilio repeats a delivery only where the fragment says so. */
const WEBHOOKS = [
  ['Twilio', 'calls', '/api/webhooks/voip/twilio#rc=5&rp=all'],
  ['Twilio', 'SMS', '/api/webhooks/sms/twilio#rc=5&rp=all'],
  ['Twilio', 'WhatsApp', '/api/webhooks/whatsapp/twilio#rc=5&rp=all'],
  ['SendGrid', 'events', '/api/webhooks/email/sendgrid'],
  ['SendGrid', 'inbound mail', '/api/webhooks/email/sendgrid/inbound'],
  ['Meta', 'WhatsApp', '/api/webhooks/whatsapp/meta'],
] as const;

type Webhook = readonly [provider: string, what: string, path: string];

/** What to paste of the doors that are open: the provider, what it is for, and the path. Of a door that a token opens it names the token's variable. */
export function webhooksToPaste(environment: Environment): Webhook[] {
  return WEBHOOKS.flatMap((webhook): Webhook[] => {
    const [provider, what, path] = webhook;
    const config = CONFIGS.find((one) => one.name === `${provider}Config`);
    const { missing, missingForInbound } = config ? (readConfig(config, environment) as Provided) : {};
    const isMail = what === 'inbound mail';
    if (isMail && 'SENDGRID_INBOUND_TOKEN' in environment && missingForInbound?.length === 0)
      return [[provider, what, `${path}?token=<SENDGRID_INBOUND_TOKEN>`]];
    return missing?.length === 0 ? [webhook] : [];
  });
}

function checkModule(config: ConfigClass, environment: Environment, given: Environment): Finding[] {
  const name = config.name.replace(/Config$/, '');
  const names = variablesOf(config).map((card) => card.name);
  const set = names.filter((variable) => variable in given);
  const lent = names.filter((variable) => variable in environment && !(variable in given));
  try {
    readConfig(config, given);
    const { missing, missingForInbound, missingToSend } = readConfig(config, environment) as Provided;
    const has = [set.length ? `${set.join(', ')} set` : '', lent.length ? `${lent.join(', ')} lent by the sandbox` : ''];
    const said = has.filter(Boolean).join(', ') || 'nothing set';
    if (!missing) return [ok(`${name}: ${said}`)];
    const isOn = !missing.length;
    const takesMail = missingForInbound?.length === 0;
    const partly = takesMail ? 'on for inbound mail alone. To turn its events on' : 'off. To turn it on';
    return [
      isOn ? ok(`${name}: on; ${said}`) : off(`${name}: ${partly} set ${missing.join(' and ')} (${said})`),
      ...checkSending(name, { isOn, isOff: !isOn && !takesMail }, missingToSend ?? []),
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
  /** Before mail comes in, where less is needed for that. */
  readonly missingForInbound?: readonly string[];
  readonly missingToSend?: readonly string[];
}

/** A provider that is off altogether has one line. */
function checkSending(
  name: string,
  { isOn, isOff }: { readonly isOn: boolean; readonly isOff: boolean },
  missing: readonly string[],
): Finding[] {
  if (missing.length) return isOff ? [] : [off(`${name}, sending: off. To turn it on set ${missing.join(' and ')}`)];
  if (isOn) return [ok(`${name}, sending: on`)];
  return [off(`${name}, sending: on, but what becomes of what it sends is not heard while its webhooks are off`)];
}

/** Whether providers can call what PUBLIC_URL names. */
export function checkPublicUrl(publicUrl: string | undefined, sandbox: boolean): Finding {
  if (sandbox) return ok('PUBLIC_URL: not needed, the sandbox stands in for the providers');
  if (publicUrl === undefined) return fix('PUBLIC_URL: unset. Set it to the https:// address that you paste at the providers');
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
