import { type KeyObject } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type Verdict } from '../../core/adapters/channel-adapter.js';
import { Provider } from '../../core/adapters/channel.js';
import { type RawDelivery } from '../../core/adapters/delivery.js';
import { ProviderAccountsService } from '../../core/organizations/provider-accounts.service.js';
import { SendGridConfig } from './sendgrid.config.js';
import { type Secrets, signatureOf, verifyDelivery } from './verify-delivery.js';
import { readWebhookKeys } from './webhook-keys.js';

const LARGE_BYTES = 1 << 20;
const TRIED_AT_ONCE = 10;
const MOST_READ = 10_000;

/** Whether SendGrid sent a delivery, to its door of events or to that of mails. */
@Injectable()
export class SendGridVerifier {
  private readonly own: Secrets;
  private readonly read = new Map<string, readonly KeyObject[]>();

  constructor(
    config: SendGridConfig,
    private readonly accounts: ProviderAccountsService,
  ) {
    this.own = { keys: config.webhookKeys, inboundToken: config.SENDGRID_INBOUND_TOKEN };
  }

  /**
   * No delivery says whose it is: who signed it is found by trying, the environment's keys first. A promise where those did not sign it,
   * which throws Unavailable while the database is away.
   */
  verify(delivery: RawDelivery): Verdict | Promise<Verdict> {
    const verdict = verifyDelivery(delivery, this.own);
    return verdict.verified || !signatureOf(delivery) ? verdict : this.byAccount(delivery, verdict);
  }

  private async byAccount(delivery: RawDelivery, refused: Extract<Verdict, { verified: false }>): Promise<Verdict> {
    const accounts = await this.accounts.allOf(Provider.SENDGRID);
    for (const [i, { accountId, organizationId, secrets }] of accounts.entries()) {
      // Each key hashes the whole body anew, which may have tens of megabytes; and whoever signs with none of them has all tried.
      if (delivery.body.length > LARGE_BYTES || i % TRIED_AT_ONCE === TRIED_AT_ONCE - 1) await setImmediate();
      const keys = this.keysOf(secrets.webhookKey ?? '');
      const verdict = verifyDelivery(delivery, { keys, inboundToken: undefined });
      if (verdict.verified) return { ...verdict, accountId, servesOnly: organizationId };
      // Its signature holds, and yet there is something else.
      if (verdict.reason !== refused.reason) return verdict;
    }
    return refused;
  }

  /** Read once: of a hundred accounts reading took as long as trying them. */
  private keysOf(text: string): readonly KeyObject[] {
    const known = this.read.get(text);
    if (known) return known;
    const keys = readWebhookKeys(text) ?? [];
    if (this.read.size >= MOST_READ) this.read.clear();
    this.read.set(text, keys);
    return keys;
  }
}
