import { isSandboxActive, readSandboxSecrets } from '../sandbox/sandbox-secrets.service.js';
import { type CommandContext } from './command-context.service.js';
import { CommandError } from './command-error.js';
import { type MailCredential } from '../sandbox/inbound-mail.js';
import { type TwilioSigner } from '../sandbox/twilio-request.js';

/** What the server verifies Twilio with. Throws CommandError. */
export function readTwilioSigner(context: CommandContext, publicUrl: string): TwilioSigner {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken } = readSecrets(context);
  if (accountSid && authToken) return { accountSid, authToken, publicUrl };
  throw off('Twilio', 'TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN');
}

/** What the server verifies Meta with. Throws CommandError. */
export function readMetaSecret(context: CommandContext): string {
  const { WHATSAPP_APP_SECRET: secret } = readSecrets(context);
  if (secret) return secret;
  throw off('Meta', 'WHATSAPP_APP_SECRET');
}

/** What lets a mail in: the sandbox's key, or the token. Only SendGrid itself has the key that signs real mail. Throws CommandError. */
export function readMailCredential(context: CommandContext): MailCredential {
  const { SENDGRID_SIGNING_KEY: signingKey, SENDGRID_INBOUND_TOKEN: inboundToken } = readSecrets(context);
  if (signingKey) return { signingKey };
  if (inboundToken) return { inboundToken };
  throw new CommandError(
    'Only SendGrid can sign as SendGrid: set SENDGRID_INBOUND_TOKEN as the server has it, or SANDBOX=true for both, to have mail simulated.',
  );
}

/** The sandbox's where that stands in, else the real ones of the environment. */
function readSecrets({ environment, dataDir }: CommandContext): Readonly<Record<string, string>> {
  if (!isSandboxActive(environment)) return environment;
  const secrets = readSandboxSecrets(dataDir);
  if (secrets) return secrets;
  throw new CommandError(`There are no sandbox secrets in ${dataDir}: start Centralita there once, or set DATA_DIR as the server has it.`);
}

function off(provider: string, variables: string): CommandError {
  return new CommandError(
    `${provider} is off here, so nothing can be signed: set ${variables} as the server has them, or SANDBOX=true for both.`,
  );
}
