import { IsOptional, Matches } from 'class-validator';
import { IsWebAddress } from '../../platform/config/web-address.js';
import { Variable } from '../../platform/config/variable.js';

const NUMBER = /^\+[1-9]\d{6,14}$/;

/** Twilio's credentials and addresses. All optional: without the account and its token Twilio is off. */
export class TwilioConfig {
  @Variable('The account, on the first page of the Twilio console.', 'ACxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')
  @IsOptional()
  @Matches(/^AC[0-9a-zA-Z]{32}$/, { message: 'TWILIO_ACCOUNT_SID must be an account sid: AC and 32 more characters' })
  TWILIO_ACCOUNT_SID?: string;

  @Variable("The account's primary auth token: it signs Twilio's webhooks. An API key's secret does not.", 'your_auth_token')
  @IsOptional()
  @Matches(/^(?!AC[0-9a-f]{32}$)\S{8,}$/, {
    message: 'TWILIO_AUTH_TOKEN must be the auth token beside the account sid in the Twilio console',
  })
  TWILIO_AUTH_TOKEN?: string;

  @Variable('The secondary auth token, while you rotate: webhooks signed with either are accepted.', 'your_secondary_auth_token')
  @IsOptional()
  @Matches(/^(?!AC[0-9a-f]{32}$)\S{8,}$/, { message: 'TWILIO_AUTH_TOKEN_SECONDARY must be the secondary auth token of the account' })
  TWILIO_AUTH_TOKEN_SECONDARY?: string;

  @Variable('The number for calls and SMS.', '+12025550110')
  @IsOptional()
  @Matches(NUMBER, { message: 'TWILIO_PHONE_NUMBER must be a number with + and country code, such as +12025550110' })
  TWILIO_PHONE_NUMBER?: string;

  @Variable('The number for WhatsApp, without `whatsapp:`.', '+12025550120')
  @IsOptional()
  @Matches(NUMBER, { message: 'TWILIO_WHATSAPP_NUMBER must be a number with + and country code, such as +12025550120' })
  TWILIO_WHATSAPP_NUMBER?: string;

  @Variable('The messaging service SMS are sent by, instead of a number.', 'MGxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')
  @IsOptional()
  @Matches(/^MG[0-9a-zA-Z]{32}$/, { message: 'TWILIO_MESSAGING_SERVICE_SID must be a messaging service sid: MG and 32 more characters' })
  TWILIO_MESSAGING_SERVICE_SID?: string;

  @Variable("Where Twilio's API is: a region, a proxy or a stand-in. Unset: Twilio's own.", 'https://api.twilio.com')
  @IsOptional()
  @IsWebAddress({ without: '/2010-04-01' })
  TWILIO_BASE_URL?: string;

  /** What is still to be set before Twilio is on. */
  get missing(): readonly string[] {
    return (['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'] as const).filter((name) => this[name] === undefined);
  }

  /** What is still to be set before it can send: the same. */
  get missingToSend(): readonly string[] {
    return this.missing;
  }
}
