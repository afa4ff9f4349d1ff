import { type SeedSender } from './core/organizations/seed.service.js';
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

/** The senders that the first organization has: those the environment names, as it was given, and in the sandbox one for each channel. */
export function seedSenders(environment: Environment, sandbox: boolean): SeedSender[] {
  return SOURCES.flatMap(({ channel, provider, variable, inSandbox }) => {
    const address = environment[variable] ?? (sandbox ? inSandbox : undefined);
    return address === undefined ? [] : [{ channel, provider, variable, address }];
  });
}
