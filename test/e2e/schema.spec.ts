import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  type GraphQLSchema,
  type IntrospectionQuery,
  isEnumType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { ErrorCode } from '../../src/platform/errors/coded-error.js';
import { ROOT } from '../support/command.js';
import { compareSchemas } from '../support/compare-schemas.js';
import { ask } from '../support/graphql.js';
import { TestServer } from '../support/server.js';

/** What of the contract is not served yet: each issue that brings some of it takes it out of here. */
const LATER: Record<'console', string> = {
  console: 'ActivityBucket ActivityStats Bucket FailureCount Query.activityStats Query.webhookEndpoints WebhookEndpoint',
};

const FILE = path.join(ROOT, 'schema.graphql');

describe('The schema', () => {
  let served: GraphQLSchema;
  beforeAll(async () => {
    const server = await TestServer.start();
    served = buildClientSchema((await ask(server, server.adminKey, getIntrospectionQuery())) as IntrospectionQuery);
    await server.dispose();
  });

  const contract = buildSchema(readFileSync(new URL('../fixtures/contract.graphql', import.meta.url), 'utf8'));

  it('that is served is schema.graphql (UPDATE_SCHEMA=1 npm run jest -- schema writes it anew)', () => {
    const text = `${printSchema(lexicographicSortSchema(served))}\n`;
    if (process.env.UPDATE_SCHEMA === '1') writeFileSync(FILE, text);
    expect(existsSync(FILE) ? readFileSync(FILE, 'utf8') : 'no file').toBe(text);
  });

  it('means what the contract says, in everything that both have', () => {
    expect(compareSchemas(contract, served).different).toEqual([]);
  });

  it('demands nothing of a client that the contract does not tell', () => {
    expect(compareSchemas(contract, served).demanded).toEqual([]);
  });

  it('lacks nothing of the contract but what later issues bring', () => {
    expect(compareSchemas(contract, served).missing).toEqual(Object.values(LATER).join(' ').trim().split(/\s+/).sort());
  });

  it('has a description for every operation', () => {
    const operations = [served.getQueryType(), served.getMutationType(), served.getSubscriptionType()];
    const bare = operations.flatMap((type) => Object.values(type!.getFields()).filter((field) => !field.description));
    expect(bare.map((field) => field.name)).toEqual([]);
  });

  it('lists the codes that errors have, and they are those of the program', () => {
    const { ErrorCode: codes } = contract.getTypeMap();
    expect(
      isEnumType(codes) &&
        codes
          .getValues()
          .map(({ name }) => name)
          .sort(),
    ).toEqual(Object.keys(ErrorCode).sort());
  });
});
