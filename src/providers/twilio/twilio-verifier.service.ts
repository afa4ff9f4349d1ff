import { Injectable } from '@nestjs/common';
import { type Verdict } from '../../core/adapters/channel-adapter.js';
import { Provider } from '../../core/adapters/channel.js';
import { type RawDelivery } from '../../core/adapters/delivery.js';
import { ProviderAccountsService } from '../../core/organizations/provider-accounts.service.js';
import { HttpConfig } from '../../platform/http/http.config.js';
import { formatOf, parametersOf } from './delivery-parameters.js';
import { parseJsonParameters } from './json-parameters.js';
import { valueOf } from './parameter-fields.js';
import { type SignedContent, type SignedRequest, verifySignature } from './signature.js';
import { TwilioConfig } from './twilio.config.js';

export const SIGNATURE_HEADER = 'x-twilio-signature';

const NO_SIGNATURE = 'The header X-Twilio-Signature is missing: only requests that Twilio signed are accepted.';
const NOT_READABLE = 'The content type must be application/x-www-form-urlencoded or application/json: Twilio sends nothing else.';
const NOT_SIGNED =
  "X-Twilio-Signature does not hold. Check that PUBLIC_URL is exactly the scheme, host and path of the webhook's address in the Twilio console, " +
  'and that TWILIO_AUTH_TOKEN is the auth token of the account that sends.';

const NOT_SIGNED_BY_ACCOUNT =
  "X-Twilio-Signature does not hold. Check that PUBLIC_URL is exactly the scheme, host and path of the webhook's address in the Twilio console, " +
  'and that authToken of the provider account is the auth token of the account that AccountSid names.';

/** Whether Twilio sent a delivery: one answer for every channel it carries. */
@Injectable()
export class TwilioVerifier {
  constructor(
    private readonly config: TwilioConfig,
    private readonly http: HttpConfig,
    private readonly accounts: ProviderAccountsService,
  ) {}

  /**
   * The public URL is the configured one: forwarded headers are an attacker's to write. The account is the one the request names, and is
   * believed once the request holds with that account's token; an account we do not know is the environment's to vouch for. A promise where
   * it is not the environment's, which throws Unavailable while the database is away.
   */
  verify(delivery: RawDelivery): Verdict | Promise<Verdict> {
    const signature = delivery.headers[SIGNATURE_HEADER];
    if (!signature) return { verified: false, status: 403, reason: NO_SIGNATURE };
    const content = contentOf(delivery);
    if (!content) return { verified: false, status: 415, reason: NOT_READABLE };
    const signed = { url: this.addressOf(delivery), signature, content };
    const named = accountSidOf(content);
    return named === undefined || named === this.config.TWILIO_ACCOUNT_SID ? this.byEnvironment(signed) : this.byAccount(named, signed);
  }

  /** What Twilio called: PUBLIC_URL, path and query. The fragment configures its retries and is not signed. */
  addressOf(delivery: RawDelivery): string {
    return this.http.publicUrl + delivery.url.split('#', 1)[0]!;
  }

  /** The token an account asks Twilio's API with; undefined where the account is not known any more. */
  async tokenOf(accountId: string): Promise<string | undefined> {
    const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN } = this.config;
    if (accountId === TWILIO_ACCOUNT_SID) return TWILIO_AUTH_TOKEN;
    return (await this.accounts.secretsOf(Provider.TWILIO, accountId))?.secrets.authToken;
  }

  private byEnvironment(signed: Signed): Verdict {
    const { TWILIO_ACCOUNT_SID: accountId = '', TWILIO_AUTH_TOKEN, TWILIO_AUTH_TOKEN_SECONDARY } = this.config;
    return verifySignature({ ...signed, tokens: given(TWILIO_AUTH_TOKEN, TWILIO_AUTH_TOKEN_SECONDARY) })
      ? { verified: true, accountId }
      : { verified: false, status: 403, reason: NOT_SIGNED };
  }

  private async byAccount(accountId: string, signed: Signed): Promise<Verdict> {
    const account = await this.accounts.secretsOf(Provider.TWILIO, accountId);
    if (!account) return this.byEnvironment(signed);
    const { authToken, authTokenSecondary } = account.secrets;
    return verifySignature({ ...signed, tokens: given(authToken, authTokenSecondary) })
      ? { verified: true, accountId, servesOnly: account.organizationId }
      : { verified: false, status: 403, reason: NOT_SIGNED_BY_ACCOUNT };
  }
}

type Signed = Omit<SignedRequest, 'tokens'>;

/** The tokens that may have signed, the primary first: while one is rotated, either. */
function given(...tokens: (string | undefined)[]): readonly string[] {
  return tokens.filter((token) => token !== undefined);
}

const ACCOUNT_SID = /^AC[0-9a-f]{32}$/;

/** The account a request names, in the form of its body; undefined where it names none. */
function accountSidOf(content: SignedContent): string | undefined {
  // Not every JSON that Twilio signs is an object of parameters: what else it is, its adapter reads.
  const parameters =
    'form' in content ? content.form : content.json.includes('"AccountSid"') ? parseJsonParameters(content.json) : undefined;
  const sid = parameters && valueOf(parameters, 'AccountSid');
  return sid !== undefined && ACCOUNT_SID.test(sid) ? sid : undefined;
}

function contentOf(delivery: RawDelivery): SignedContent | undefined {
  const format = formatOf(delivery);
  if (format === 'json') return { json: delivery.body };
  const form = format && parametersOf(delivery);
  return form && { form };
}
