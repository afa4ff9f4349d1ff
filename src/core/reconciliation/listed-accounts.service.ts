import { Injectable } from '@nestjs/common';
import { AdapterRegistry } from '../adapters/adapter-registry.service.js';
import { type ProviderList } from '../adapters/provider-list.js';
import { ProviderAccountsService } from '../organizations/provider-accounts.service.js';
import { type ListName } from './positions.sql.js';

/** A list of an account at a provider. */
export interface AccountList extends ListName {
  readonly list: ProviderList;
  /** The one organization that the account serves; undefined: all. */
  readonly servesOnly: string | undefined;
  /** As the log names it: our id of a stored account, null for the environment's. */
  readonly providerAccountId: string | null;
}

/** Whose lists can be read: the environment's account's and all that are stored, at each provider that lists anything. */
@Injectable()
export class ListedAccounts {
  constructor(
    private readonly adapters: AdapterRegistry,
    private readonly accounts: ProviderAccountsService,
  ) {}

  /** Throws Unavailable while the database is away. */
  async all(): Promise<readonly AccountList[]> {
    const found: AccountList[] = [];
    for (const { provider, channel, list, accountId, missing } of this.adapters.all()) {
      if (!list) continue;
      if (accountId !== undefined && !missing.length)
        found.push({ provider, channel, list, accountId, servesOnly: undefined, providerAccountId: null });
      for (const { id, organizationId, accountId: theirs } of await this.accounts.allOf(provider))
        if (theirs !== accountId)
          found.push({ provider, channel, list, accountId: theirs, servesOnly: organizationId, providerAccountId: id });
    }
    return found;
  }
}
