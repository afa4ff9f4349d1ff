import { Injectable } from '@nestjs/common';
import { type JsonObject } from '../../core/adapters/activity-draft.js';
import { Provider } from '../../core/adapters/channel.js';
import { ProviderAccountsService } from '../../core/organizations/provider-accounts.service.js';
import { WebClient } from '../../platform/http/web-client.service.js';
import { accepted, jsonOf } from '../../platform/http/web-request.js';
import { graphUrl } from './graph-url.js';
import { META_ACCOUNT } from './meta-account.js';
import { MetaConfig } from './meta.config.js';

/** One account at Meta, as its API knows it. */
export interface GraphAccount {
  readonly token: string;
  /** Undefined of the environment's account where it names none. */
  readonly businessAccountId: string | undefined;
}

/** Meta's API by plain HTTP: there is no official SDK for it that is kept up. Asks once. */
@Injectable()
export class GraphClient {
  constructor(
    private readonly config: MetaConfig,
    private readonly accounts: ProviderAccountsService,
    private readonly web: WebClient,
  ) {}

  /** What the environment's account still wants before it can send. */
  get missing(): readonly string[] {
    return this.config.missingToSend;
  }

  /** Throws where the account has no token any more, or it cannot be read now. */
  async accountOf(accountId: string): Promise<GraphAccount> {
    const { WHATSAPP_ACCESS_TOKEN, WHATSAPP_BUSINESS_ACCOUNT_ID } = this.config;
    const { token, businessAccountId } =
      accountId === META_ACCOUNT
        ? { token: WHATSAPP_ACCESS_TOKEN, businessAccountId: WHATSAPP_BUSINESS_ACCOUNT_ID }
        : { token: (await this.accounts.secretsOf(Provider.META, accountId))?.secrets.accessToken, businessAccountId: accountId };
    if (token === undefined) throw new Error('the account that sends has no access token');
    return { token, businessAccountId };
  }

  /** Throws Declined and RequestFailed; undefined for a 2xx that is no JSON. */
  async post(path: string, { token }: GraphAccount, body: JsonObject): Promise<unknown> {
    return this.ask({ method: 'POST', path, token, body: JSON.stringify(body) });
  }

  /** As `post`. */
  async get(path: string, { token }: GraphAccount): Promise<unknown> {
    return this.ask({ method: 'GET', path, token });
  }

  private async ask({ method, path, token, body }: { method: string; path: string; token: string; body?: string }): Promise<unknown> {
    const headers = {
      authorization: `Bearer ${token}`,
      'user-agent': 'Centralita',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const url = graphUrl(this.config.WHATSAPP_BASE_URL, path).href;
    return jsonOf(accepted(await this.web.send({ method, url, headers, ...(body !== undefined && { body }) })));
  }
}
