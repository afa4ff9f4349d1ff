import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { type Organization, Prisma } from '../../generated/prisma/client.js';
import { checkShortText } from '../../platform/errors/check-short-text.js';
import { badInput } from '../../platform/errors/coded-error.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { likeEscaped } from '../../platform/database/like.js';
import { decodeNamedCursor, encodeNamedCursor, readFirst } from '../../platform/graphql/page-cursor.js';
import { pageBy } from '../../platform/graphql/page-info.model.js';
import { AccessService } from '../access/access.service.js';
import { type Actor } from '../access/actor.js';
import { ORGANIZATION_ID } from './organization-id.js';

/** Of an administrator, who sees every organization: as many as fit a list. */
const MOST_SHOWN = 1_000;
/** This list's letter in its cursors. */
const LIST = 'o';

/** Organizations: made, found and listed. They are never removed. */
@Injectable()
export class OrganizationsService {
  constructor(
    private readonly database: DatabaseService,
    private readonly access: AccessService,
  ) {}

  /** Those the actor belongs to, the oldest first; of an administrator the oldest 1,000. */
  ofActor(actor: Actor): Promise<Organization[]> {
    const where = actor.organizationIds === 'ALL' ? {} : { id: { in: [...actor.organizationIds] } };
    return this.database.prisma.organization.findMany({ where, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], take: MOST_SHOWN });
  }

  /** By id; those whose id or name contains `search`, in any case. */
  async list(actor: Actor, search: string | null, page: { first?: number | null; after?: string | null }) {
    this.access.requireAdmin(actor);
    const first = readFirst(page.first, 50);
    const after = page.after == null ? undefined : decodeNamedCursor(LIST, page.after);
    const sought = search?.trim() ?? '';
    checkShortText('search', sought);
    const contains = { contains: likeEscaped(sought), mode: 'insensitive' } as const;
    const rows = await this.database.prisma.organization.findMany({
      where: { ...(sought && { OR: [{ id: contains }, { name: contains }] }), ...(after !== undefined && { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take: first + 1,
    });
    return pageBy((row) => encodeNamedCursor(LIST, row.id), rows, first, after !== undefined);
  }

  /** Throws BAD_USER_INPUT for an id that is taken or is none. */
  async create(actor: Actor, input: { name: string; id?: string | null }): Promise<Organization> {
    this.access.requireAdmin(actor);
    const name = input.name.trim();
    checkShortText('name', name, 1);
    const id = input.id ?? `org_${randomBytes(9).toString('base64url').replace(/[-_]/g, '0')}`;
    if (!ORGANIZATION_ID.test(id)) throw badInput('id', 'id must have 1 to 100 characters without spaces.');
    try {
      return await this.database.prisma.$transaction((tx) => insertOrganization(tx, id, name));
    } catch (error) {
      if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002')
        throw badInput('id', 'id is taken by another organization.');
      throw error;
    }
  }
}

/** An organization and the head of its feed: whoever has the one has the other. */
export async function insertOrganization(tx: Prisma.TransactionClient, id: string, name: string): Promise<Organization> {
  const organization = await tx.organization.create({ data: { id, name } });
  await tx.$executeRaw`insert into feed_head (organization_id) values (${id}) on conflict do nothing`;
  return organization;
}
