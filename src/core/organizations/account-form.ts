import { type Provider } from '../adapters/channel.js';
import { type Secrets } from './sealed-secrets.js';

interface SecretForm {
  readonly is: RegExp;
  readonly wanted: string;
  readonly required?: true;
}

interface AccountForm {
  readonly accountId: RegExp;
  readonly wanted: string;
  readonly secrets: Readonly<Record<string, SecretForm>>;
}

const TOKEN: SecretForm = { is: /^(?!AC[0-9a-f]{32}$)\S{8,200}$/, wanted: 'an auth token of the account' };
const OPAQUE = /^\S{8,2000}$/;
/** Base64 DER, with or without PEM's lines; several by comma, for each webhook of an account has its own. */
const PUBLIC_KEY = /(-----BEGIN PUBLIC KEY-----)?[\w+/=\s]{80,1000}(-----END PUBLIC KEY-----)?\s*/;
const PUBLIC_KEYS = new RegExp(`^${PUBLIC_KEY.source}(,${PUBLIC_KEY.source}){0,9}$`);

/** What an account at each provider is called, and which secrets it has. */
const FORMS: Record<Provider, AccountForm> = {
  TWILIO: {
    accountId: /^AC[0-9a-f]{32}$/,
    wanted: 'the SID of a Twilio account or subaccount: AC and 32 hexadecimal digits',
    secrets: { authToken: { ...TOKEN, required: true }, authTokenSecondary: TOKEN },
  },
  META: {
    accountId: /^\d{5,25}$/,
    wanted: 'the id of a WhatsApp Business Account: 5 to 25 digits',
    secrets: {
      appSecret: { is: /^[0-9a-f]{32}$/i, wanted: "the app's secret: 32 hexadecimal digits", required: true },
      accessToken: { is: OPAQUE, wanted: 'an access token' },
      verifyToken: { is: OPAQUE, wanted: 'the verify token of its webhook, at least 8 characters' },
    },
  },
  SENDGRID: {
    accountId: /^[\w.@+-]{1,100}$/,
    wanted: 'the username of a SendGrid account or subuser',
    secrets: {
      webhookKey: { is: PUBLIC_KEYS, wanted: 'the verification key of its Event Webhook, or several by comma', required: true },
      apiKey: { is: /^SG\.\S{10,200}$/, wanted: 'an API key: SG. and more' },
    },
  },
};

/** An account as it is stored; or the field that is not right, and what would be. Never says what was given. */
export type ReadAccount =
  | { readonly accountId: string; readonly secrets: Secrets }
  | { readonly field: 'accountId' | 'secrets' | `secrets.${string}`; readonly problem: string };

/** Reads what an administrator gave of an account. */
export function readAccount(provider: Provider, accountId: string, secrets: unknown): ReadAccount {
  const form = FORMS[provider];
  const id = accountId.trim();
  if (!form.accountId.test(id)) return { field: 'accountId', problem: `accountId must be ${form.wanted}.` };
  const names = Object.keys(form.secrets);
  if (typeof secrets !== 'object' || secrets === null || Array.isArray(secrets))
    return { field: 'secrets', problem: `secrets must be an object with ${names.join(', ')}.` };
  if (Object.keys(secrets).some((name) => !names.includes(name)))
    return { field: 'secrets', problem: `secrets of ${provider} has only ${names.join(', ')}.` };
  const read: Record<string, string> = {};
  for (const name of names) {
    const { is, wanted, required } = form.secrets[name]!;
    const given = (secrets as Record<string, unknown>)[name] ?? undefined;
    if (given === undefined && !required) continue;
    const text = typeof given === 'string' ? given.trim() : '';
    if (!is.test(text)) return { field: `secrets.${name}`, problem: `secrets.${name} must be ${wanted}.` };
    read[name] = text;
  }
  return { accountId: id, secrets: read };
}
