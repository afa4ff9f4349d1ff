import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import { randomBytes } from 'node:crypto';
import { Prisma, type ProviderAccount } from '../../generated/prisma/client.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { newId } from '../../platform/database/new-id.service.js';
import { checkShortText } from '../../platform/errors/check-short-text.js';
import { badInput } from '../../platform/errors/coded-error.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { Unavailable } from '../../platform/errors/unavailable.js';
import { Log } from '../../platform/logging/log.service.js';
import { notFound } from '../access/access.errors.js';
import { AccessService } from '../access/access.service.js';
import { type Actor } from '../access/actor.js';
import { Scope } from '../access/scope.js';
import { isUuid } from '../../platform/database/uuid.js';
import { AdapterRegistry } from '../adapters/adapter-registry.service.js';
import { type Provider } from '../adapters/channel.js';
import { readAccount } from './account-form.js';
import { secretsKeyMissing } from './organizations.errors.js';
import { NONCE_BYTES, openSecrets, sealSecrets, type Secrets } from './sealed-secrets.js';
import { SecretsKeyService } from './secrets-key.service.js';

/** What a provider verifies, fetches and sends with for an account that is not the environment's. */
export interface AccountSecrets {
  /** The one organization it serves. */
  readonly organizationId: string;
  readonly secrets: Secrets;
}

export interface NamedAccount extends AccountSecrets {
  /** What we call it. */
  readonly id: string;
  /** What the provider calls it. */
  readonly accountId: string;
}

/** An account of the organization that asks. */
export interface OwnAccount {
  readonly accountId: string;
  /** None where they cannot be read. */
  readonly secrets: Secrets;
}

/** What may be shown of one: in place of its secrets, whether they can be read. */
export type ShownAccount = Omit<ProviderAccount, 'secrets'> & { readonly readable: boolean };

export interface NewAccount {
  readonly organizationId: string;
  readonly provider: Provider;
  readonly accountId: string;
  readonly secrets: unknown;
  readonly label?: string | null;
}

/**
 * Where the notice of another process is lost, an account that it removed is still believed so long, and one that it added may be unknown so long.
 * One that is asked for by its id and not known is looked for each time.
 */
const BELIEVED_MS = 3_000;
const MOST_BELIEVED = 10_000;

const nameOf = (provider: string, accountId: string): string => `${provider} ${accountId}`;

/** The accounts at providers beside the environment's, each of one organization; its secrets lie encrypted. */
@Injectable()
export class ProviderAccountsService {
  private believed = new Map<string, { readonly until: number; readonly account: AccountSecrets }>();
  /** By provider and organization. */
  private readonly own = new Map<string, { readonly until: number; readonly accounts: Promise<readonly OwnAccount[]> }>();
  private readonly listeners: (() => Promise<void>)[] = [];
  private readonly all = new Map<Provider, { readonly until: number; readonly accounts: Promise<readonly NamedAccount[]> }>();
  /** Whoever invents accounts costs one statement a tick. */
  private readonly reader = new DataLoader<string, AccountSecrets | undefined>((names) => this.read(names), { cache: false });

  constructor(
    private readonly database: DatabaseService,
    private readonly access: AccessService,
    private readonly adapters: AdapterRegistry,
    private readonly sealing: SecretsKeyService,
    private readonly log: Log,
  ) {}

  /** Undefined for an account that is nobody's, or whose secrets cannot be read. Throws Unavailable while the database is away. */
  async secretsOf(provider: Provider, accountId: string): Promise<AccountSecrets | undefined> {
    const name = nameOf(provider, accountId);
    const { believed } = this;
    const known = believed.get(name);
    if (known && Date.now() < known.until) return known.account;
    const account = await this.reader.load(name);
    if (believed.size >= MOST_BELIEVED) believed.clear();
    if (account) believed.set(name, { until: Date.now() + BELIEVED_MS, account });
    else believed.delete(name);
    return account;
  }

  /** Who tells the other processes that an account was added or removed here. */
  onChange(listener: () => Promise<void>): void {
    this.listeners.push(listener);
  }

  /** Accounts may have changed elsewhere: nothing that was read before, or is being read, is believed from now on. */
  forget(): void {
    this.believed = new Map();
    this.own.clear();
    this.all.clear();
  }

  /** The accounts an organization has of its own at a provider, the oldest first; none where the environment's serves it. */
  ownAccountsOf(organizationId: string, provider: Provider): Promise<readonly OwnAccount[]> {
    const name = nameOf(provider, organizationId);
    const known = this.own.get(name);
    if (known && Date.now() < known.until) return known.accounts;
    if (this.own.size >= MOST_BELIEVED) this.own.clear();
    const read = { until: Date.now() + BELIEVED_MS, accounts: this.readOwn(organizationId, provider) };
    this.own.set(name, read);
    read.accounts.catch(() => this.own.get(name) === read && this.own.delete(name));
    return read.accounts;
  }

  /** Every account at a provider whose deliveries do not say which they are of. Throws Unavailable while the database is away. */
  allOf(provider: Provider): Promise<readonly NamedAccount[]> {
    const known = this.all.get(provider);
    if (known && Date.now() < known.until) return known.accounts;
    const read = { until: Date.now() + BELIEVED_MS, accounts: this.readAll(provider) };
    this.all.set(provider, read);
    read.accounts.catch(() => this.all.get(provider) === read && this.all.delete(provider));
    return read.accounts;
  }

  async list(actor: Actor, organizationId: string): Promise<ShownAccount[]> {
    await this.access.require(actor, Scope.ADMIN, organizationId);
    const rows = await this.database.prisma.providerAccount.findMany({
      where: { organizationId },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    return rows.map((row) => this.shown(row));
  }

  private shown({ secrets, ...account }: ProviderAccount): ShownAccount {
    return { ...account, readable: typeof this.unseal(secrets, nameOf(account.provider, account.accountId)) === 'object' };
  }

  /** Throws BAD_USER_INPUT that names the field, and PROVIDER_NOT_CONFIGURED where nothing could encrypt its secrets. */
  async create(actor: Actor, { organizationId, provider, label, ...given }: NewAccount): Promise<ShownAccount> {
    await this.access.require(actor, Scope.ADMIN, organizationId);
    checkShortText('label', label);
    const read = readAccount(provider, given.accountId, given.secrets);
    if ('problem' in read) throw badInput(read.field, read.problem);
    const { accountId } = read;
    if (accountId === this.adapters.defaultAccountOf(provider))
      throw badInput('accountId', "accountId is the environment's account, which serves every organization.");
    const { key } = this.sealing;
    if (!key) throw secretsKeyMissing();
    const sealed = sealSecrets(read.secrets, key, randomBytes(NONCE_BYTES), nameOf(provider, accountId));
    try {
      const created = await this.database.prisma.providerAccount.create({
        data: { id: newId(), organizationId, provider, accountId, label, secrets: new Uint8Array(sealed) },
      });
      await this.changed();
      return this.shown(created);
    } catch (error) {
      if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002')
        throw badInput('accountId', 'accountId is an account that was added already.');
      throw error;
    }
  }

  /** At once here, and on other processes as soon as they hear of it. */
  async remove(actor: Actor, id: string): Promise<true> {
    this.access.requireAdmin(actor);
    const { count } = isUuid(id) ? await this.database.prisma.providerAccount.deleteMany({ where: { id } }) : { count: 0 };
    if (!count) throw notFound({ what: 'provider account' });
    await this.changed();
    return true;
  }

  /** Once it is committed: what was read meanwhile may be from before. */
  private async changed(): Promise<void> {
    this.forget();
    for (const listener of this.listeners) await listener();
  }

  private async readOwn(organizationId: string, provider: Provider): Promise<readonly OwnAccount[]> {
    const rows = await this.database.prisma.providerAccount.findMany({
      where: { organizationId, provider },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    return rows.map((row) => ({
      accountId: row.accountId,
      secrets: this.open(row, nameOf(provider, row.accountId))?.secrets ?? {},
    }));
  }

  private async read(names: readonly string[]): Promise<(AccountSecrets | undefined)[]> {
    const wanted = names.map((name) => ({ provider: name.split(' ', 1)[0]!, accountId: name.slice(name.indexOf(' ') + 1) }));
    const rows = await this.find({ OR: wanted });
    const found = new Map(rows.map((row) => [nameOf(row.provider, row.accountId), row]));
    return names.map((name) => {
      const row = found.get(name);
      return row && this.open(row, name);
    });
  }

  private async readAll(provider: Provider): Promise<readonly NamedAccount[]> {
    const rows = await this.find({ provider });
    return rows.flatMap((row) => {
      const account = this.open(row, nameOf(provider, row.accountId));
      return account ? [{ ...account, id: row.id, accountId: row.accountId }] : [];
    });
  }

  private find(where: Prisma.ProviderAccountWhereInput): Promise<ProviderAccount[]> {
    return this.database.prisma.providerAccount.findMany({ where, orderBy: { id: 'asc' } }).catch((error: unknown) => {
      this.log.warn('organization.account_not_read', { reason: reasonOf(error) });
      throw new Unavailable('Not verified: the database is away. Send it again.');
    });
  }

  private open({ id, organizationId, secrets: sealed }: ProviderAccount, name: string): AccountSecrets | undefined {
    const secrets = this.unseal(sealed, name);
    if (typeof secrets === 'object') return { organizationId, secrets };
    this.log.warn('organization.account_unreadable', { providerAccountId: id, organizationId, problem: secrets });
    return undefined;
  }

  private unseal(sealed: Uint8Array, name: string): ReturnType<typeof openSecrets> {
    const { key } = this.sealing;
    return key ? openSecrets(Buffer.from(sealed), key, name) : 'ANOTHER_KEY';
  }
}
