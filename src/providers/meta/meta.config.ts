import { IsOptional, Matches } from 'class-validator';
import { IsWebAddress } from '../../platform/config/web-address.js';
import { Variable } from '../../platform/config/variable.js';

/** Meta's credentials for WhatsApp's Cloud API. All optional: without the app secret and the verify token Meta is off. */
export class MetaConfig {
  @Variable("The app secret, in the Meta app's basic settings: it signs Meta's webhooks.", 'your_app_secret')
  @IsOptional()
  @Matches(/^\S{8,}$/, { message: "WHATSAPP_APP_SECRET must be the app secret in the Meta app's basic settings" })
  WHATSAPP_APP_SECRET?: string;

  @Variable('A word of your own, pasted at Meta beside the callback URL: Meta says it when it subscribes.', 'your_verify_token')
  @IsOptional()
  @Matches(/^\S{8,}$/, { message: 'WHATSAPP_VERIFY_TOKEN must be at least 8 characters without spaces, the same as at Meta' })
  WHATSAPP_VERIFY_TOKEN?: string;

  @Variable("A system user's access token, for media and sending.", 'your_access_token')
  @IsOptional()
  @Matches(/^\S{20,}$/, { message: 'WHATSAPP_ACCESS_TOKEN must be an access token of the Meta app, best one of a system user' })
  WHATSAPP_ACCESS_TOKEN?: string;

  @Variable('The id of the WhatsApp number at Meta (not the number).', '106540352242922')
  @IsOptional()
  @Matches(/^\d{9,20}$/, { message: 'WHATSAPP_PHONE_NUMBER_ID must be the phone number id that Meta shows below the number: digits' })
  WHATSAPP_PHONE_NUMBER_ID?: string;

  @Variable('The id of the WhatsApp Business account, for its list of templates.', '102290129340398')
  @IsOptional()
  @Matches(/^\d{5,20}$/, { message: 'WHATSAPP_BUSINESS_ACCOUNT_ID must be the id of the WhatsApp Business account: digits' })
  WHATSAPP_BUSINESS_ACCOUNT_ID?: string;

  @Variable("Where Meta's API is: another version, a proxy or a stand-in. Unset: Meta's own.", 'https://graph.facebook.com/v26.0')
  @IsOptional()
  @IsWebAddress()
  WHATSAPP_BASE_URL?: string;

  /** What is still to be set before Meta is on. Both: without the token nobody can subscribe the webhook at Meta. */
  get missing(): readonly string[] {
    return (['WHATSAPP_APP_SECRET', 'WHATSAPP_VERIFY_TOKEN'] as const).filter((name) => this[name] === undefined);
  }

  /** What is still to be set before it can send. */
  get missingToSend(): readonly string[] {
    return this.WHATSAPP_ACCESS_TOKEN === undefined ? ['WHATSAPP_ACCESS_TOKEN'] : [];
  }
}
