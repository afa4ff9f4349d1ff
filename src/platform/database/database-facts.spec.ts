import { type DatabaseFacts, refuseDatabase, refuseMigrations } from './database-facts.js';

const FACTS: DatabaseFacts = {
  schema: 'public',
  searchPath: '"$user", public',
  encoding: 'UTF8',
  version: 180_004,
  isReadOnly: false,
  mayCreateTables: true,
  mayCreateSchemas: true,
  hasJobs: true,
  hasMigrations: true,
  otherSchema: null,
};

it('a database of UTF-8 with a schema for us is used, and another is refused with its cure', () => {
  expect(refuseDatabase(FACTS)).toBeUndefined();
  expect(refuseDatabase({ ...FACTS, encoding: 'LATIN1' })).toMatch(/LATIN1.*encoding 'UTF8'/);
  expect(refuseDatabase({ ...FACTS, encoding: 'SQL_ASCII' })).toMatch(/SQL_ASCII/);
  expect(refuseDatabase({ ...FACTS, isReadOnly: true })).toMatch(/read-only.*Name the primary/);
  expect(refuseDatabase({ ...FACTS, version: 130_023 })).toMatch(/PostgreSQL 13.*14 or newer/);
  expect(refuseDatabase({ ...FACTS, version: 140_000 })).toBeUndefined();
  expect(refuseDatabase({ ...FACTS, schema: null, searchPath: 'nope' })).toMatch(/nope.*create schema/);
});

it('what a role may not do is refused only where it is to be done', () => {
  const none = { ...FACTS, mayCreateTables: false, mayCreateSchemas: false };
  expect(refuseMigrations(none, { behind: false })).toBeUndefined();
  expect(refuseMigrations(none, { behind: true })).toMatch(/grant create on schema "public"/);
  expect(refuseMigrations({ ...none, hasJobs: false }, { behind: false })).toMatch(/grant create on database/);
  expect(refuseMigrations({ ...FACTS, hasJobs: false }, { behind: true })).toBeUndefined();
});

it('a second Centralita in another schema of the database is refused before it has made anything', () => {
  const first = { ...FACTS, schema: 'hub', hasMigrations: false };
  expect(refuseMigrations(first, { behind: true })).toBeUndefined();
  expect(refuseMigrations({ ...first, otherSchema: 'public' }, { behind: true })).toMatch(/public has a Centralita.*\?schema=public/);
  expect(refuseMigrations({ ...FACTS, otherSchema: 'old' }, { behind: true })).toBeUndefined();
});
