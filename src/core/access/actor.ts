import { type Scope } from './scope.js';

/** Who asks, as the credential says. */
export interface Actor {
  /** `ALL` is the administrator's. */
  readonly organizationIds: 'ALL' | readonly string[];
  readonly scopes: readonly Scope[];
  /** The label of the key or the subject of the token. */
  readonly subject: string;
  /** Of an API key: what revoking it ends. */
  readonly keyId: string | undefined;
  /** When the credential ends by itself. */
  readonly expiresAt: Date | undefined;
}

/** Whether that organization exists for this actor at all. */
export function sees(actor: Actor, organizationId: string): boolean {
  return actor.organizationIds === 'ALL' || actor.organizationIds.includes(organizationId);
}

/** DRAFT is part of SEND: who may send may propose. */
export function holds(actor: Actor, scope: Scope): boolean {
  if (actor.scopes.includes('ADMIN')) return true;
  return actor.scopes.includes(scope) || (scope === 'DRAFT' && actor.scopes.includes('SEND'));
}
