import { readContext } from './command-context.service.js';
import { CommandError } from './command-error.js';
import { ask, connect } from './running-server.service.js';

const SCOPES = ['READ', 'DRAFT', 'SEND'];

export interface CreateKeyOptions {
  readonly organization: string;
  readonly label: string;
  /** By comma, in any case. */
  readonly scopes: string;
}

/** Makes an API key for one organization. The key alone goes to stdout, so that a script can take it. Throws CommandError. */
export async function createKey(options: CreateKeyOptions): Promise<void> {
  const scopes = options.scopes.split(',').map((scope) => scope.trim().toUpperCase());
  const unknown = scopes.find((scope) => !SCOPES.includes(scope));
  if (unknown !== undefined)
    throw new CommandError(`--scopes takes ${SCOPES.join(', ')} by comma, not ${unknown || 'nothing'}. Only ADMIN_API_KEY may administer.`);
  const { createApiKey } = await ask<{ createApiKey: { apiKey: { id: string; label: string; scopes: string[] }; key: string } }>(
    await connect(readContext()),
    `mutation ($organizationId: ID!, $label: String!, $scopes: [Scope!]) {
      createApiKey(organizationId: $organizationId, label: $label, scopes: $scopes) { apiKey { id label scopes } key }
    }`,
    { organizationId: options.organization, label: options.label, scopes },
  );
  const { apiKey, key } = createApiKey;
  console.error(
    `A key for organization ${options.organization} (${apiKey.scopes.join(', ')}; "${apiKey.label}", id ${apiKey.id}). It is shown this once:\n`,
  );
  console.log(key);
  console.error(`\nUse it in the header Authorization: Bearer <key>. To end it: the mutation revokeApiKey(id: "${apiKey.id}").`);
}
