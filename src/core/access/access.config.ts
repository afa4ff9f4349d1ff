import { IsBoolean, IsOptional, Matches, MinLength, ValidateBy } from 'class-validator';
import { Transform } from 'class-transformer';
import { IsWebAddress } from '../../platform/config/web-address.js';
import { Variable } from '../../platform/config/variable.js';

export class AccessConfig {
  @Variable("The administrator's key, for automation; at least 24 characters. Unset: one is made and kept in DATA_DIR/admin-key.")
  @IsOptional()
  @Matches(/^[\x21-\x7e]{24,}$/, {
    message: 'ADMIN_API_KEY must have at least 24 characters, letters of English, digits and signs, without spaces',
  })
  ADMIN_API_KEY?: string;

  @Variable('The secret that signs JWTs (HS256, HS384 or HS512); at least 16 characters.')
  @IsOptional()
  @MinLength(16, { message: 'JWT_SECRET must have at least 16 characters' })
  JWT_SECRET?: string;

  @Variable(
    "Where the identity provider's public keys are (a JSON Web Key Set), instead of JWT_SECRET.",
    'https://login.example.com/.well-known/jwks.json',
  )
  @IsOptional()
  @ValidateBy({
    name: 'isAlone',
    validator: {
      validate: (_, given) => (given!.object as AccessConfig).JWT_SECRET === undefined,
      defaultMessage: () => 'JWT_JWKS_URL and JWT_SECRET exclude each other: unset one of them',
    },
  })
  @IsWebAddress({ query: true })
  JWT_JWKS_URL?: string;

  @Variable('The issuer that a JWT must name. Unset: any.', 'https://login.example.com')
  @IsOptional()
  JWT_ISSUER?: string;

  @Variable('The audience that a JWT must name. Unset: any.', 'centralita')
  @IsOptional()
  JWT_AUDIENCE?: string;

  @Variable('Whether the scope `admin` of a JWT counts: true or false.', 'false')
  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : (value as unknown)))
  @IsBoolean({ message: 'JWT_ADMIN must be true or false' })
  JWT_ADMIN: boolean = false;
}
