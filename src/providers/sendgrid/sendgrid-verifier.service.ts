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

/** Whether SendGrid sent a delivery, to its door of events or to that of mails. */
@Injectable()
export class SendGridVerifier {
  private readonly own: Secrets;

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
    for (const { accountId, organizationId, secrets } of await this.accounts.allOf(Provider.SENDGRID)) {
      // Each key hashes the whole body anew, which may have tens of megabytes.
      if (delivery.body.length > LARGE_BYTES) await setImmediate();
      const keys = readWebhookKeys(secrets.webhookKey ?? '') ?? [];
      const verdict = verifyDelivery(delivery, { keys, inboundToken: undefined });
      if (verdict.verified) return { ...verdict, accountId, servesOnly: organizationId };
      // Its signature holds, and yet there is something else.
      if (verdict.reason !== refused.reason) return verdict;
    }
    return refused;
  }
}
