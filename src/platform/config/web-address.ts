import { ValidateBy } from 'class-validator';

interface WebAddressOptions {
  /** Whether it may have a query. */
  readonly query?: boolean;
  /** What its path must not have in it, as who pastes more than the address would have it. */
  readonly without?: string;
  readonly example?: string;
}

/** A variable that is an http:// or https:// address, without credentials or fragment. */
export function IsWebAddress({ query = false, without, example }: WebAddressOptions = {}): PropertyDecorator {
  const ending = [
    query ? ' without user and password' : ' without user and password, query or fragment',
    without ? `, without ${without}` : '',
    example ? `, such as ${example}` : '',
  ].join('');
  return ValidateBy({
    name: 'isWebAddress',
    validator: {
      validate: (value) => typeof value === 'string' && isWebAddress(value, query) && !(without !== undefined && value.includes(without)),
      defaultMessage: (given) => `${given?.property} must be an http:// or https:// address${ending}`,
    },
  });
}

/** A variable that is origins by comma: what a browser says of a page. */
export function AreOrigins(): PropertyDecorator {
  return ValidateBy({
    name: 'areOrigins',
    validator: {
      validate: (value) => typeof value === 'string' && value.split(',').every((one) => originOf(one) !== undefined),
      defaultMessage: (given) => `${given?.property} must be origins by comma, each in full, such as https://crm.example.com`,
    },
  });
}

/** An origin as browsers write it: in lower case, without the usual port. Undefined for what is none, as a pattern is. */
export function originOf(text: string): string | undefined {
  const bare = text.trim();
  return isWebAddress(bare, false) && /^[^/]*\/\/[^/*]*$/.test(bare) ? new URL(bare).origin : undefined;
}

/** `URL` would read an address into `https:///host` and `https://https://host`. */
function isWebAddress(text: string, query: boolean): boolean {
  if (!/^https?:\/\/[^\s/?#][^\s#]*$/i.test(text) || !URL.canParse(text)) return false;
  const { username, password, search, pathname } = new URL(text);
  return !username && !password && (query || !search) && !pathname.startsWith('//');
}
