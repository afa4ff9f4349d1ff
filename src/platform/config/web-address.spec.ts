import { ConfigError, readConfig } from './read-config.js';
import { Variable } from './variable.js';
import { AreOrigins, IsWebAddress, originOf } from './web-address.js';

class Config {
  @Variable('')
  @IsWebAddress({ without: '/api/webhooks', example: 'https://hub.example.com' })
  URL: string = 'https://hub.example';

  @Variable('')
  @IsWebAddress({ query: true })
  KEYS: string = 'https://login.example/keys';

  @Variable('')
  @AreOrigins()
  ORIGINS: string = 'https://crm.example';
}
const refusalOf = (given: Record<string, string>) => {
  try {
    readConfig(Config, given);
    return undefined;
  } catch (error) {
    return (error as ConfigError).lines.join();
  }
};

describe('A variable that is an address', () => {
  it.each(['http://localhost:3000', 'https://hub.example.com/behind/a/prefix', 'https://[::1]:8443', 'HTTPS://Hub.example'])(
    'may be %s',
    (URL) => {
      expect(refusalOf({ URL })).toBeUndefined();
    },
  );

  it.each([
    'hub.example',
    'ftp://hub.example',
    'https://',
    'https:///hub.example',
    'https://[',
    'https://hub.example:99999',
    'https://user:secret@hub.example',
    'https://https://hub.example',
    'https://hub.example?a=1',
    'https://hub.example#a',
    'https://hub example',
    'https://hub.example/api/webhooks/sms/twilio',
  ])('may not be %s, and what would be right is said without it', (URL) => {
    expect(refusalOf({ URL })).toBe(
      'URL must be an http:// or https:// address without user and password, query or fragment, without /api/webhooks, such as https://hub.example.com',
    );
  });

  it('may have a query where that is said', () => {
    expect(refusalOf({ KEYS: 'https://login.example/keys?tenant=a' })).toBeUndefined();
    expect(refusalOf({ KEYS: 'https://[' })).toBe('KEYS must be an http:// or https:// address without user and password');
  });
});

describe('A variable that is origins', () => {
  it('is read as browsers write them', () => {
    expect(['https://CRM.example.com:443', ' http://localhost:5173 '].map(originOf)).toEqual([
      'https://crm.example.com',
      'http://localhost:5173',
    ]);
  });

  it.each([
    '*',
    'crm.example',
    'https://crm.example/',
    'https://crm.example, ',
    'https://crm.example/app',
    'https://a@crm.example',
    'https://*.crm.example',
  ])('may not be %s', (ORIGINS) => {
    expect(refusalOf({ ORIGINS })).toBe('ORIGINS must be origins by comma, each in full, such as https://crm.example.com');
  });
});
