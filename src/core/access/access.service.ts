import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { forbidden, notFound } from './access.errors.js';
import { type Actor, holds, sees } from './actor.js';
import { type Scope } from './scope.js';

const REMEMBERED = 10_000;

/** The one policy, for queries, mutations and subscriptions alike. */
@Injectable()
export class AccessService {
  /** Organizations are never removed, so what was there is there. */
  private readonly known = new Set<string>();

  constructor(private readonly database: DatabaseService) {
    database.onDoubt(() => this.known.clear());
  }

  /** Allows, or throws: NOT_FOUND where the organization is another's or nobody's, FORBIDDEN where the scope is missing. */
  async require(actor: Actor, scope: Scope, organizationId: string): Promise<void> {
    if (!sees(actor, organizationId) || !(await this.exists(organizationId))) throw notFound({ what: 'organization' });
    if (!holds(actor, scope)) throw forbidden({ scope });
  }

  /** For what belongs to no organization. Throws FORBIDDEN. */
  requireAdmin(actor: Actor): void {
    if (!holds(actor, 'ADMIN')) throw forbidden({ scope: 'ADMIN' });
  }

  private async exists(organizationId: string): Promise<boolean> {
    if (this.known.has(organizationId)) return true;
    if (organizationId.includes('\0')) return false;
    const found = await this.database.prisma.organization.findUnique({ where: { id: organizationId }, select: { id: true } });
    if (!found) return false;
    if (this.known.size >= REMEMBERED) this.known.clear();
    this.known.add(organizationId);
    return true;
  }
}
