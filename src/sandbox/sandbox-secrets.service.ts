import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { type Environment, foldEnvironment } from '../platform/config/environment.js';
import { makeFolder } from '../platform/config/make-folder.service.js';
import { ConfigError, readConfig } from '../platform/config/read-config.js';
import { SandboxConfig } from './sandbox.config.js';

/** Any of these set, a provider is real and the sandbox stands aside. */
const CREDENTIALS = [
  'TWILIO_ACCOUNT_SID',
  'TWILIO_AUTH_TOKEN',
  'SENDGRID_API_KEY',
  'SENDGRID_WEBHOOK_KEY',
  'SENDGRID_INBOUND_TOKEN',
  'WHATSAPP_APP_SECRET',
  'WHATSAPP_ACCESS_TOKEN',
] as const;

/** What SendGrid would sign with, which no server has: `simulate` does. Base64 of PKCS #8 in DER. */
export const SENDGRID_SIGNING_KEY = 'SENDGRID_SIGNING_KEY';

/** What the sandbox invents, by the variable it stands in for, or makes it from. A name added here is invented at the next start and kept with the others. */
const SECRETS: Readonly<Record<string, { readonly form: RegExp; readonly invent: () => string }>> = {
  TWILIO_ACCOUNT_SID: { form: /^AC[0-9a-f]{32}$/, invent: () => `AC${randomBytes(16).toString('hex')}` },
  TWILIO_AUTH_TOKEN: { form: /^[0-9a-f]{32}$/, invent: () => randomBytes(16).toString('hex') },
  WHATSAPP_APP_SECRET: { form: /^[0-9a-f]{32}$/, invent: () => randomBytes(16).toString('hex') },
  WHATSAPP_VERIFY_TOKEN: { form: /^[0-9a-f]{32}$/, invent: () => randomBytes(16).toString('hex') },
  WHATSAPP_ACCESS_TOKEN: { form: /^EAA[0-9a-f]{64}$/, invent: () => `EAA${randomBytes(32).toString('hex')}` },
  SENDGRID_API_KEY: {
    form: /^SG\.[\w-]{22}\.[\w-]{43}$/,
    invent: () => `SG.${randomBytes(16).toString('base64url')}.${randomBytes(32).toString('base64url')}`,
  },
  [SENDGRID_SIGNING_KEY]: { form: /^[A-Za-z0-9+/]{184}$/, invent: inventSigningKey },
};

/** What is no secret and would be missing. The operator's own win. */
const STANDARD = { WHATSAPP_PHONE_NUMBER_ID: '106540352242922', WHATSAPP_BUSINESS_ACCOUNT_ID: '102290129340398' } as const;

/**
 * The environment a start goes by, the sandbox's variables folded in where it is active (its secrets in front: with SANDBOX=true they win
 * over real credentials). At the first start it invents them and keeps them in `dataDir`. Throws ConfigError.
 */
export function withSandbox(environment: Environment, dataDir: string): { readonly environment: Environment; readonly active: boolean } {
  const active = isSandboxActive(environment);
  return { environment: active ? foldEnvironment(sandboxLayer(environment, dataDir), environment, STANDARD) : environment, active };
}

/** The sandbox's variables; none where it is not active. Invents and keeps what is not yet in `dataDir`. Throws ConfigError. */
export function sandboxLayer(environment: Environment, dataDir: string): Record<string, string> {
  if (!isSandboxActive(environment)) return {};
  const kept = readFile(dataDir);
  const all = kept && holdsAll(kept) ? kept : writeFile(dataDir, { ...invented(), ...kept }, kept === undefined);
  return Object.fromEntries(Object.entries(secretsIn(all, dataDir)).filter(([name]) => name !== SENDGRID_SIGNING_KEY));
}

/**
 * The sandbox's variables as an earlier start left them, and what signs for the providers it plays; undefined where none did. For those who
 * only look on. Throws ConfigError.
 */
export function readSandboxSecrets(dataDir: string): Record<string, string> | undefined {
  const kept = readFile(dataDir);
  return kept && secretsIn(kept, dataDir);
}

/** Whether an earlier start was a sandbox. */
export function wasSandbox(dataDir: string): boolean {
  return existsSync(fileOf(dataDir));
}

/** Whether the sandbox stands in: SANDBOX if set, else while no provider has a credential. Throws ConfigError. */
export function isSandboxActive(environment: Environment): boolean {
  const { SANDBOX } = readConfig(SandboxConfig, environment);
  return SANDBOX === undefined ? !CREDENTIALS.some((name) => name in environment) : SANDBOX === 'true';
}

const fileOf = (dataDir: string) => path.join(dataDir, 'sandbox.json');
const invented = () => Object.fromEntries(Object.entries(SECRETS).map(([name, { invent }]) => [name, invent()]));
const holdsAll = (kept: Record<string, string>) => Object.keys(SECRETS).every((name) => name in kept);

/** What we know of a file's names, and the public halves of its keys. */
function secretsIn(kept: Record<string, string>, dataDir: string): Record<string, string> {
  const known = Object.fromEntries(Object.entries(kept).filter(([name]) => name in SECRETS));
  const signingKey = known[SENDGRID_SIGNING_KEY];
  if (signingKey === undefined) return known;
  try {
    return { ...known, SENDGRID_WEBHOOK_KEY: publicHalfOf(signingKey) };
  } catch {
    throw damaged(fileOf(dataDir));
  }
}

function inventSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
}

/** As SendGrid shows it. */
function publicHalfOf(signingKey: string): string {
  const key = createPrivateKey({ key: Buffer.from(signingKey, 'base64'), format: 'der', type: 'pkcs8' });
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
}

const damaged = (file: string) => new ConfigError([`${file} is damaged. Delete it: the next start makes the sandbox new secrets.`]);

function readFile(dataDir: string): Record<string, string> | undefined {
  const file = fileOf(dataDir);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ENOTDIR')
      throw new ConfigError([`DATA_DIR must be a folder, and ${dataDir} is none: name one that is, or that can be made.`]);
    throw new ConfigError([`DATA_DIR must be a folder that can be read and written: ${file} cannot be read (${code}).`]);
  }
  const kept = parse(text);
  if (kept) return kept;
  throw damaged(file);
}

/** Undefined where it is not what `writeFile` wrote. */
function parse(text: string): Record<string, string> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value as Record<string, unknown>);
  const sound = entries.every(([name, secret]) => typeof secret === 'string' && (SECRETS[name]?.form.test(secret) ?? true));
  return sound ? (value as Record<string, string>) : undefined;
}

/** Whole or not at all. Of two first starts at once, the file of the one that comes first counts for both; what counts is returned. */
function writeFile(dataDir: string, secrets: Record<string, string>, isNew: boolean): Record<string, string> {
  const file = fileOf(dataDir);
  const draft = `${file}.${process.pid}`;
  try {
    makeFolder(dataDir, 0o700);
    const handle = openSync(draft, 'w', 0o600);
    writeSync(handle, `${JSON.stringify(secrets, null, 2)}\n`);
    fsyncSync(handle);
    closeSync(handle);
    if (!isNew || !linked(draft, file)) renameSync(draft, file);
    else rmSync(draft, { force: true });
  } catch (error) {
    throw new ConfigError([
      `${file} cannot be written (${(error as NodeJS.ErrnoException).code}): point DATA_DIR to a folder Centralita may write to.`,
    ]);
  }
  return readFile(dataDir) ?? secrets;
}

/** Gives `draft` the name `file` unless another has it. False where the file system knows no links. */
function linked(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST';
  }
}
