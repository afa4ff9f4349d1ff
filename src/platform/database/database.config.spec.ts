import { ConfigError, readConfig } from '../config/read-config.js';
import { connectionOf, describeUrl, parseDatabaseUrl } from './connection-url.js';
import { DatabaseConfig } from './database.config.js';
import { statementNames } from './statement-names.js';

describe('DatabaseConfig', () => {
  it('without variables means the embedded database in `data`', () => {
    expect(readConfig(DatabaseConfig, {})).toEqual({ DATABASE_URL: undefined, DATA_DIR: 'data' });
  });

  it.each(['mysql://host/db', 'localhost:5432', 'postgres', 'http://host'])('refuses %s and does not repeat it', (value) => {
    expect(() => readConfig(DatabaseConfig, { DATABASE_URL: value })).toThrow(
      new ConfigError(['DATABASE_URL must be a postgresql:// URL, or unset for the embedded database']),
    );
  });
});

it.each([
  'postgresql://user:p%ss@host/db',
  'postgresql://user:50%@host/db',
  'postgresql://user:pass@host/d%zb',
  'postgresql://user:%ff@host/db',
])('a % that is no escape in %s is named, and not shown', (value) => {
  expect(() => readConfig(DatabaseConfig, { DATABASE_URL: value })).toThrow(
    new ConfigError(['DATABASE_URL holds a % that is no escape: in a user, a password or a name write %25 for it']),
  );
});

describe('a DATABASE_URL', () => {
  it('is described without its user and password', () => {
    expect(described('postgres://user:secret@db.example/centralita?sslmode=require')).toBe('PostgreSQL at db.example:5432/centralita');
    expect(described('postgresql://user:secret@/centralita?host=/run/postgresql')).toBe('PostgreSQL at /run/postgresql:5432/centralita');
    expect(described('postgresql://user@/centralita?host=/run/postgresql&port=5433')).toBe('PostgreSQL at /run/postgresql:5433/centralita');
  });

  it.each(['prefer', 'require', 'verify-ca'])('of sslmode=%s is given to pg as what pg takes it for', (mode) => {
    const modeOf = (query: string) =>
      new URL(connectionOf(parseDatabaseUrl(`postgresql://host/db?${query}`)!).connectionString!).searchParams.get('sslmode');
    expect(modeOf(`sslmode=${mode}`)).toBe('verify-full');
    expect(modeOf(`sslmode=${mode}&uselibpqcompat=true`)).toBe(mode);
    expect([modeOf('sslmode=no-verify'), modeOf('')]).toEqual(['no-verify', null]);
  });

  it('takes the parameter `schema` for the search_path, behind what its options say', () => {
    const url = 'postgresql://host/db?options=-c%20a.b%3D1&schema=We%20%22ird';
    expect(new URL(connectionOf(parseDatabaseUrl(url)!).connectionString!).searchParams.get('options')).toBe(
      '-c a.b=1 -c search_path="We\\ ""ird"',
    );
    expect(connectionOf(parseDatabaseUrl('postgresql://host/db?schema=')!).connectionString).not.toContain('options');
  });
});

function described(databaseUrl: string): string {
  return describeUrl(parseDatabaseUrl(databaseUrl)!);
}

describe('statementNames', () => {
  it('names the same SQL the same, and other SQL otherwise', () => {
    const name = statementNames();
    expect(name({ sql: 'select 1', args: [] })).toBe(name({ sql: 'select 1', args: [] }));
    expect(name({ sql: 'select 1', args: [] })).not.toBe(name({ sql: 'select 2', args: [] }));
  });

  it('leaves long lists and what comes after the 256th unnamed', () => {
    const name = statementNames();
    expect(name({ sql: 'select 0', args: Array.from({ length: 81 }) })).toBe('');
    for (let i = 1; i <= 256; i++) expect(name({ sql: `select ${i}`, args: [] })).not.toBe('');
    expect(name({ sql: 'select 257', args: [] })).toBe('');
  });
});
