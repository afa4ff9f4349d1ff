import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type PubSubEngine } from 'graphql-subscriptions';
import { DatabaseService } from '../../platform/database/database.service.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { Log } from '../../platform/logging/log.service.js';
import { FEED_CHANNEL, FEED_NOTICES, type FeedMessage, LOOK, PUB_SUB } from '../feed/pub-sub.js';
import { ProviderAccountsService } from '../organizations/provider-accounts.service.js';

/**
 * Has every process forget what it believed of provider accounts once one is added or removed in any: a send must leave by the account that its
 * organization has now. It costs no send anything. LOOK also comes when the connection that listens was lost, and with it perhaps a notice.
 */
@Injectable()
export class AccountNotices implements OnApplicationBootstrap {
  constructor(
    private readonly accounts: ProviderAccountsService,
    private readonly database: DatabaseService,
    @Inject(PUB_SUB) private readonly pubSub: PubSubEngine,
    private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.pubSub.subscribe(FEED_NOTICES, (message: FeedMessage) => message === LOOK && this.accounts.forget(), {});
    this.accounts.onChange(() => this.tell());
  }

  private async tell(): Promise<void> {
    try {
      // No notice of the feed, so that it is LOOK to every process, this one among them.
      await this.database.pool.query('select pg_notify($1, $2)', [FEED_CHANNEL, 'accounts']);
    } catch (error) {
      this.log.warn('feed.notice_lost', { reason: reasonOf(error) });
    }
  }
}
