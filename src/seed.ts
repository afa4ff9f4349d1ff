import { type Seeds } from './core/organizations/seed.service.js';
import { type Environment } from './platform/config/environment.js';

/** Where each channel's address of the first organization comes from, and the sandbox's where none is set. */
const SOURCES = [
  { channel: 'VOICE', provider: 'TWILIO', variable: 'TWILIO_PHONE_NUMBER', inSandbox: '+15005550006' },
  // The first of a channel is what is sent from where a send names none.
  { channel: 'SMS', provider: 'TWILIO', variable: 'TWILIO_MESSAGING_SERVICE_SID', inSandbox: undefined },
  { channel: 'SMS', provider: 'TWILIO', variable: 'TWILIO_PHONE_NUMBER', inSandbox: '+15005550006' },
  { channel: 'WHATSAPP', provider: 'TWILIO', variable: 'TWILIO_WHATSAPP_NUMBER', inSandbox: '+15005550006' },
  { channel: 'WHATSAPP', provider: 'META', variable: 'WHATSAPP_PHONE_NUMBER_ID', inSandbox: undefined },
  { channel: 'EMAIL', provider: 'SENDGRID', variable: 'SENDGRID_FROM_EMAIL', inSandbox: 'hello@centralita.example' },
] as const;

/**
 * The senders that the first organization has: those the environment names, as it was given, and in the sandbox one for each channel. Where that was
 * and is none any more those are taken away again: being the oldest, they would be what is sent from by default, and no provider knows them.
 */
export function seedSenders(environment: Environment, sandbox: 'ACTIVE' | 'LEFT' | 'NEVER'): Seeds {
  const named = SOURCES.map((source) => ({
    ...source,
    address: environment[source.variable] ?? (sandbox === 'ACTIVE' ? source.inSandbox : undefined),
  }));
  const senders = named.flatMap(({ channel, provider, variable, address }) =>
    address === undefined ? [] : [{ channel, provider, variable, address }],
  );
  const invented = (sandbox === 'LEFT' ? SOURCES : []).flatMap(({ channel, inSandbox: address }) =>
    address === undefined ? [] : [{ channel, address }],
  );
  return {
    senders,
    retired: invented.filter(({ channel, address }) => !senders.some((one) => one.channel === channel && one.address === address)),
  };
}
