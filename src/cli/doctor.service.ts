import { isSandboxActive, readSandboxSecrets } from '../sandbox/sandbox-secrets.service.js';
import { foldEnvironment } from '../platform/config/environment.js';
import { checkConfiguration, checkPublicUrl, webhooksToPaste } from './check-configuration.js';
import { checkDatabase } from './check-database.service.js';
import { readContext } from './command-context.service.js';
import { CommandError } from './command-error.js';
import { type Finding, fix, off, ok } from './finding.js';
import { ask, connect, type Connection, KeyRefused, locateServer } from './running-server.service.js';

const SIGN = { OK: ' ok ', OFF: 'off ', FIX: 'FIX ' } as const;

/** Says what is set and what is missing, never a value, and what to do about it. Throws CommandError where something needed is wrong. */
export async function doctor(): Promise<void> {
  const context = readContext();
  const sandbox = isSandboxActive(context.environment);
  const environment = sandbox ? foldEnvironment(readSandboxSecrets(context.dataDir) ?? {}, context.environment) : context.environment;
  const configuration = checkConfiguration(environment, context.environment);
  const findings = [
    ...configuration,
    checkPublicUrl(environment.PUBLIC_URL, sandbox),
    ...(environment.DATABASE_URL === undefined
      ? [ok('Database: the embedded PostgreSQL, in DATA_DIR; it runs while the server does')]
      : [...(await checkDatabase(environment.DATABASE_URL)), checkSecretsKey(environment.SECRETS_KEY)]),
    ...(await checkServer()),
  ];
  for (const { kind, text } of findings) console.log(`${SIGN[kind]} ${text}`);
  const broken = findings.filter(({ kind }) => kind === 'FIX').length;
  const readable = configuration.every(({ kind }) => kind !== 'FIX');
  const webhooks = readable ? webhooksToPaste(environment) : [];
  if (webhooks.length) console.log('\nTo paste at the providers:');
  const { publicUrl } = locateServer(context);
  for (const [provider, what, path] of webhooks) console.log(`  ${`${provider}, ${what}`.padEnd(22)}  ${publicUrl}${path}`);
  if (broken) throw new CommandError(`\n${broken} to fix.`);
}

function checkSecretsKey(key: string | undefined): Finding {
  return key === undefined
    ? off('Provider accounts: off. To add one set SECRETS_KEY, the same for every process, to what `openssl rand -base64 32` prints')
    : ok('Provider accounts: their secrets can be kept');
}

/** What only the running server knows: the senders, and whether the secrets of accounts can be read. */
async function checkServer(): Promise<Finding[]> {
  try {
    const connection = await connect(readContext());
    const { viewer } = await ask<{ viewer: { organizations: { id: string; senders: { channel: string }[] }[] } }>(
      connection,
      '{ viewer { organizations { id senders { channel } } } }',
    );
    const channels = viewer.organizations.flatMap(({ senders }) => senders.map(({ channel }) => channel));
    const counts = ['VOICE', 'SMS', 'WHATSAPP', 'EMAIL'].map((channel) => `${channel} ${channels.filter((one) => one === channel).length}`);
    return [
      ok(`Server: answers at ${connection.url}`),
      channels.length
        ? ok(`Senders: ${counts.join(', ')}`)
        : fix('Senders: none, so all that comes is UNROUTED. Make one with createSender, or npx centralita senders import'),
      ...(await checkAccounts(
        connection,
        viewer.organizations.map(({ id }) => id),
      )),
    ];
  } catch (error) {
    if (error instanceof KeyRefused) return [fix(`Server: ${error.message}`)];
    if (error instanceof CommandError) return [off(`Server: ${error.message}`)];
    throw error;
  }
}

const ORGANIZATIONS_AT_ONCE = 100;

/** A line for each whose secrets do not open. */
async function checkAccounts(connection: Connection, organizationIds: readonly string[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (let at = 0; at < organizationIds.length; at += ORGANIZATIONS_AT_ONCE) {
    const lists = organizationIds
      .slice(at, at + ORGANIZATIONS_AT_ONCE)
      .map((id, i) => `o${i}: providerAccounts(organizationId: ${JSON.stringify(id)}) { provider accountId organizationId readable }`);
    const answer = await ask<Record<string, StoredAccount[]>>(connection, `{ ${lists.join(' ')} }`);
    for (const { provider, accountId, organizationId, readable } of Object.values(answer).flat())
      if (!readable)
        findings.push(
          fix(
            `Provider account ${accountId} (${provider}) of organization ${organizationId}: its secrets do not open with this SECRETS_KEY. Set again the one that sealed them (the log says ANOTHER_KEY), or remove the account and add it anew (DAMAGED)`,
          ),
        );
  }
  return findings;
}

interface StoredAccount {
  readonly provider: string;
  readonly accountId: string;
  readonly organizationId: string;
  readonly readable: boolean;
}
