import { IsOptional, Matches, ValidateBy } from 'class-validator';
import { Variable } from '../../platform/config/variable.js';
import { ORGANIZATION_ID } from './organization-id.js';
import { readSecretsKey } from './sealed-secrets.js';

export class OrganizationsConfig {
  @Variable('The organization that takes what comes for an address nobody claimed. Unset: such deliveries wait as UNROUTED.', '1')
  @IsOptional()
  @Matches(ORGANIZATION_ID, { message: 'DEFAULT_ORGANIZATION must be the id of an organization: 1 to 100 characters without spaces' })
  DEFAULT_ORGANIZATION?: string;

  @Variable(
    'The key that encrypts the secrets of provider accounts: 32 random bytes in base64 or hex. Unset: with the embedded database one is made and kept in DATA_DIR/secrets-key.',
  )
  @IsOptional()
  @ValidateBy({
    name: 'isSecretsKey',
    validator: {
      validate: (value) => readSecretsKey(String(value)) !== undefined,
      defaultMessage: () => 'SECRETS_KEY must be 32 random bytes in base64 or hex, such as `openssl rand -base64 32` prints',
    },
  })
  SECRETS_KEY?: string;
}
