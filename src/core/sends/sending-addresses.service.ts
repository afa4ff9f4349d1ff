import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { badInput } from '../../platform/errors/coded-error.js';
import { type Language } from '../../platform/graphql/graphql-context.js';
import { AdapterRegistry } from '../adapters/adapter-registry.service.js';
import { type Channel, type Provider } from '../adapters/channel.js';
import { mailboxName, mailboxOf } from '../adapters/mailbox.js';
import { type OutboundChannel } from '../adapters/outbound.js';
import { ProviderAccountsService } from '../organizations/provider-accounts.service.js';
import { SendersService } from '../organizations/senders.service.js';
import { cannotSend, type ChosenSender, chooseSender, problemOfFrom, type StoredSender } from './choose-sender.js';
import { notConfigured } from './sends.errors.js';

const MOST_BELIEVED = 10_000;

/** The account a send leaves by. */
export interface SendingAccount {
  readonly accountId: string;
  readonly outbound: OutboundChannel;
}

/** Where a send leaves from: the address, its provider, and the account it leaves by. */
export type SendingAddress = ChosenSender & SendingAccount;

/** Finds what an organization sends from. */
@Injectable()
export class SendingAddressesService {
  private readonly believed = new Map<string, readonly StoredSender[]>();

  constructor(
    private readonly adapters: AdapterRegistry,
    private readonly senders: SendersService,
    private readonly accounts: ProviderAccountsService,
    database: DatabaseService,
  ) {
    database.onDoubt(() => this.believed.clear());
  }

  /**
   * Throws BAD_USER_INPUT for an address that is not the organization's, or whose provider cannot send; PROVIDER_NOT_CONFIGURED where what it needs to is missing.
   */
  async find(organizationId: string, channel: Channel, from: string | null, language: Language): Promise<SendingAddress> {
    const chosen = await this.choose(organizationId, channel, from, language);
    if (!this.adapters.find(channel, chosen.provider)?.outbound) throw badInput('from', cannotSend(channel)[language]);
    const account = await this.accountOf(organizationId, channel, chosen.provider);
    if ('missing' in account) throw notConfigured(language, account.missing);
    return { ...chosen, ...account };
  }

  /**
   * What an organization sends by now: its own account at the provider, the oldest that can send, before the environment's; else what is
   * missing. Where it has accounts of its own that only receive, the environment's is none of its: that has other numbers and another bill.
   */
  async accountOf(
    organizationId: string,
    channel: Channel,
    provider: Provider,
  ): Promise<SendingAccount | { readonly missing: readonly string[] }> {
    const { outbound, accountId } = this.adapters.find(channel, provider) ?? {};
    if (!outbound) return { missing: [] };
    const { secretToSend, missingToSend } = outbound;
    const own = await this.accounts.ownAccountsOf(organizationId, provider);
    const able = own.find(({ secrets }) => secrets[secretToSend] !== undefined);
    if (able) return { accountId: able.accountId, outbound };
    // Without any are those that another key has sealed.
    if (own.some(({ secrets }) => !Object.keys(secrets).length)) return { missing: ['SECRETS_KEY'] };
    if (own.length) return { missing: [`secrets.${secretToSend}`] };
    return accountId === undefined || missingToSend.length ? { missing: missingToSend } : { accountId, outbound };
  }

  /**
   * A domain takes every address in it but those that are another's, whatever tag they have, for answers would come to that one. Whose one is, is asked
   * each time, since it may be given any day.
   */
  private async choose(organizationId: string, channel: Channel, from: string | null, language: Language): Promise<ChosenSender> {
    const chosen = await this.chooseOwn(organizationId, channel, from, language);
    if (chosen.from === chosen.sender) return chosen;
    const name = mailboxName(chosen.from);
    const owner = await this.senders.ownerOf(channel, [name, mailboxOf(name)]);
    if (owner !== undefined && owner !== organizationId) throw badInput('from', problemOfFrom(channel)[language]);
    return chosen;
  }

  /** Senders are added and never taken away: what is not among those that were read lately is looked for anew. */
  private async chooseOwn(organizationId: string, channel: Channel, from: string | null, language: Language): Promise<ChosenSender> {
    const known = this.believed.get(organizationId);
    const believed = known && chooseSender(channel, known, from);
    if (believed && !('problem' in believed)) return believed;
    const senders = (await this.senders.ofOrganizations([organizationId])).get(organizationId) ?? [];
    if (this.believed.size >= MOST_BELIEVED) this.believed.clear();
    this.believed.set(organizationId, senders);
    const chosen = chooseSender(channel, senders, from);
    if ('problem' in chosen) throw badInput('from', chosen.problem[language]);
    return chosen;
  }
}
