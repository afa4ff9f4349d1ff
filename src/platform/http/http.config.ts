import { Transform, Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { Variable } from '../config/variable.js';
import { AreOrigins, IsWebAddress, originOf } from '../config/web-address.js';

/** Neither may be 0: nobody could ask anything. */
const RATE = /^(?!0*(\.0*)?\/)\d+(\.\d+)?\/(?!0*$)\d+$/;

export class HttpConfig {
  @Variable('The port to listen on.', '3000')
  @Type(() => Number)
  @IsInt({ message: 'PORT must be a whole number from 1 to 65535' })
  @Min(1, { message: 'PORT must be a whole number from 1 to 65535' })
  @Max(65535, { message: 'PORT must be a whole number from 1 to 65535' })
  PORT: number = 3000;

  @Variable('The interface to listen on. Unset: loopback with the sandbox, all interfaces with real credentials.', '0.0.0.0')
  @IsOptional()
  @IsString({ message: 'HOST must be an address or a host name' })
  HOST?: string;

  @Variable('The address providers call and sign, as pasted at the provider. Required with real credentials.', 'https://hub.example.com')
  @IsOptional()
  @Transform(({ value }) => (typeof value === 'string' ? value.replace(/\/+$/, '') : undefined))
  @IsWebAddress({ without: '/api/webhooks', example: 'https://hub.example.com' })
  PUBLIC_URL?: string;

  @Variable('Origins whose pages may call the API, by comma. Unset: only our own.', 'https://crm.example.com')
  @IsOptional()
  @AreOrigins()
  CORS_ORIGINS?: string;

  @Variable('Refused webhook requests an address may make: a second / burst.', '20/1000')
  @Matches(RATE, { message: 'RATE_LIMIT_REFUSED must be a rate and a burst, such as 20/1000' })
  RATE_LIMIT_REFUSED: string = '20/1000';

  @Variable('GraphQL requests a key may make: a second / burst.', '200/2000')
  @Matches(RATE, { message: 'RATE_LIMIT_GRAPHQL must be a rate and a burst, such as 200/2000' })
  RATE_LIMIT_GRAPHQL: string = '200/2000';

  /** What providers sign: PUBLIC_URL, or this machine's own address where nothing else is said. No trailing slash. */
  get publicUrl(): string {
    return this.PUBLIC_URL ?? `http://localhost:${this.PORT}`;
  }

  get corsOrigins(): readonly string[] {
    return (this.CORS_ORIGINS?.split(',') ?? []).flatMap((origin) => originOf(origin) ?? []);
  }
}
