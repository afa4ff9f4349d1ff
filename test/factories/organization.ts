import { randomBytes } from 'node:crypto';
import { ask } from '../support/graphql.js';
import { type TestServer } from '../support/server.js';

export interface TestOrganization {
  readonly id: string;
  readonly key: string;
  /** Its SMS sender. */
  readonly number: string;
}

/** An organization with an SMS number and a key of its own. */
export async function createOrganization(server: TestServer, name = 'norte'): Promise<TestOrganization> {
  const id = `${name}-${randomBytes(4).toString('hex')}`;
  const number = `+1415${2 + (randomBytes(1)[0]! % 8)}${String(randomBytes(4).readUInt32BE() % 1_000_000).padStart(6, '0')}`;
  await ask(server, server.adminKey, 'mutation($id: ID, $name: String!) { createOrganization(id: $id, name: $name) { id } }', { id, name });
  await createSender(server, id, number);
  return { id, number, key: await createKey(server, id) };
}

export async function createSender(server: TestServer, organizationId: string, address: string, channel = 'SMS'): Promise<void> {
  await ask(
    server,
    server.adminKey,
    'mutation($o: ID!, $c: Channel!, $a: String!) { createSender(organizationId: $o, channel: $c, address: $a) { id } }',
    { o: organizationId, c: channel, a: address },
  );
}

export async function createKey(server: TestServer, organizationId: string, scopes: string[] = ['READ', 'SEND']): Promise<string> {
  const { createApiKey } = await ask(
    server,
    server.adminKey,
    'mutation($o: ID!, $s: [Scope!]) { createApiKey(organizationId: $o, label: "test", scopes: $s) { key } }',
    { o: organizationId, s: scopes },
  );
  return createApiKey.key;
}
