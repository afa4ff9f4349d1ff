import { Injectable } from '@nestjs/common';
import { type ChallengeAnswer, type Verdict } from '../../core/adapters/channel-adapter.js';
import { Provider } from '../../core/adapters/channel.js';
import { type RawDelivery } from '../../core/adapters/delivery.js';
import { ProviderAccountsService } from '../../core/organizations/provider-accounts.service.js';
import { answerChallenge } from './challenge.js';
import { accountsIn } from './delivery-payload.js';
import { META_ACCOUNT } from './meta-account.js';
import { MetaConfig } from './meta.config.js';
import { verifySignature } from './signature.js';

const NO_SIGNATURE = 'The header X-Hub-Signature-256 is missing: only requests that Meta signed are accepted.';
const NOT_SIGNED =
  'X-Hub-Signature-256 does not hold. Check that WHATSAPP_APP_SECRET, or appSecret of the provider account that entry.id names, is the app ' +
  'secret of the Meta app whose webhook this is.';

/** Whether Meta sent a delivery, and whether it is Meta that asks before it subscribes. */
@Injectable()
export class MetaVerifier {
  constructor(
    private readonly config: MetaConfig,
    private readonly accounts: ProviderAccountsService,
  ) {}

  /**
   * What the environment's secret did not sign is of an account that it names, if that one's secret signed it; of several, of the first: what
   * is for an organization that this one does not serve stays unrouted. A promise where it names any, which throws Unavailable while the
   * database is away.
   */
  verify(delivery: RawDelivery): Verdict | Promise<Verdict> {
    const signature = delivery.headers['x-hub-signature-256'];
    if (!signature) return { verified: false, status: 403, reason: NO_SIGNATURE };
    const { WHATSAPP_APP_SECRET: appSecret } = this.config;
    if (appSecret !== undefined && verifySignature(appSecret, delivery.body, signature)) return { verified: true, accountId: META_ACCOUNT };
    const named = accountsIn(delivery);
    return named.length ? this.byAccount(named, delivery.body, signature) : { verified: false, status: 403, reason: NOT_SIGNED };
  }

  challenge(query: URLSearchParams): ChallengeAnswer | undefined | Promise<ChallengeAnswer> {
    const answer = answerChallenge(query, this.config.WHATSAPP_VERIFY_TOKEN);
    return answer === undefined || answer.passed ? answer : this.challengeByAccount(query, answer);
  }

  /** The token an account asks Meta's API with. Throws where there is none. */
  async tokenOf(accountId: string): Promise<string> {
    if (accountId === META_ACCOUNT) {
      const { WHATSAPP_ACCESS_TOKEN } = this.config;
      if (WHATSAPP_ACCESS_TOKEN === undefined) throw new Error('WHATSAPP_ACCESS_TOKEN is not set: Meta gives its files to nobody without.');
      return WHATSAPP_ACCESS_TOKEN;
    }
    const account = await this.accounts.secretsOf(Provider.META, accountId);
    if (!account) throw new Error('the account that sent it is not configured any more');
    if (account.secrets.accessToken === undefined)
      throw new Error('the provider account has no accessToken: Meta gives its files to nobody without');
    return account.secrets.accessToken;
  }

  private async byAccount(named: readonly string[], body: Buffer, signature: string): Promise<Verdict> {
    const accounts = await Promise.all(named.map((accountId) => this.accounts.secretsOf(Provider.META, accountId)));
    for (const [i, account] of accounts.entries())
      if (account?.secrets.appSecret !== undefined && verifySignature(account.secrets.appSecret, body, signature))
        return { verified: true, accountId: named[i]!, servesOnly: account.organizationId };
    return { verified: false, status: 403, reason: NOT_SIGNED };
  }

  /** Each account's token is compared, whichever holds. */
  private async challengeByAccount(query: URLSearchParams, refused: ChallengeAnswer): Promise<ChallengeAnswer> {
    const accounts = await this.accounts.allOf(Provider.META);
    const answers = accounts.map(({ secrets }) => answerChallenge(query, secrets.verifyToken));
    return answers.find((answer) => answer?.passed) ?? refused;
  }
}
