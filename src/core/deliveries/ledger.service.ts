import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Delivery, type Prisma } from '../../generated/prisma/client.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { decodePageCursor, listName, type PageKey, readFirst } from '../../platform/graphql/page-cursor.js';
import { pageOf } from '../../platform/graphql/page-info.model.js';
import { notFound } from '../access/access.errors.js';
import { AccessService } from '../access/access.service.js';
import { type Actor } from '../access/actor.js';
import { isUuid } from '../../platform/database/uuid.js';
import { type Channel, type Provider } from '../adapters/channel.js';
import { type VerifiedDelivery } from '../adapters/delivery.js';
import { FileSource } from '../attachments/file-source.service.js';
import { type DeliveryFilterInput } from './delivery.model.js';

/** How this list's cursors begin. */
const LIST = listName('d');
const keyOf = (row: Omit<Delivery, 'body'>): PageKey => ({ at: row.receivedAt, id: row.id });

/** The kept deliveries, as an administrator reads them, and as those who need their bytes do. */
@Injectable()
export class LedgerService implements OnModuleInit {
  constructor(
    private readonly database: DatabaseService,
    private readonly access: AccessService,
    private readonly source: FileSource,
  ) {}

  onModuleInit(): void {
    this.source.useDeliveries(async (id) => {
      const kept = await this.database.prisma.delivery.findUnique({ where: { id } });
      return kept ? verifiedOf(kept) : undefined;
    });
  }

  /** Newest first: an id begins with the time its delivery came. Without their bodies, which may have tens of megabytes each. */
  async list(actor: Actor, filter: DeliveryFilterInput, page: { first?: number | null; after?: string | null }) {
    this.access.requireAdmin(actor);
    const first = readFirst(page.first, 50);
    const after = page.after == null ? undefined : decodePageCursor(LIST, page.after);
    const rows = await this.database.prisma.delivery.findMany({
      where: { AND: [conditions(filter), ...(after ? [{ id: { lt: after.id } }] : [])] },
      orderBy: { id: 'desc' },
      take: first + 1,
      omit: { body: true },
    });
    return pageOf(LIST, rows, first, after !== undefined, keyOf);
  }

  /** What a filter means to the table. Throws FORBIDDEN without ADMIN. */
  conditionsOf(actor: Actor, filter: DeliveryFilterInput): Prisma.DeliveryWhereInput {
    this.access.requireAdmin(actor);
    return conditions(filter);
  }

  /** Throws FORBIDDEN without ADMIN, NOT_FOUND for none. */
  async one(actor: Actor, id: string): Promise<Delivery> {
    this.access.requireAdmin(actor);
    const row = isUuid(id) ? await this.database.prisma.delivery.findUnique({ where: { id } }) : null;
    if (!row) throw notFound({ what: 'delivery' });
    return row;
  }
}

function conditions({ states, channels, providers, receivedFrom, receivedBefore }: DeliveryFilterInput): Prisma.DeliveryWhereInput {
  return {
    ...(states && { state: { in: states } }),
    ...(channels && { channel: { in: channels } }),
    ...(providers && { provider: { in: providers } }),
    ...((receivedFrom ?? receivedBefore) && {
      receivedAt: { ...(receivedFrom && { gte: receivedFrom }), ...(receivedBefore && { lt: receivedBefore }) },
    }),
  };
}

/** What the guard once let in stays verified. */
export function verifiedOf(kept: Delivery): VerifiedDelivery {
  const { id, channel, provider, url, receivedAt, headers, body, accountId, servesOnly } = kept;
  return {
    id,
    channel: channel as Channel,
    provider: provider as Provider,
    url,
    receivedAt,
    headers,
    body: Buffer.from(body),
    reading: {},
    accountId,
    servesOnly: servesOnly ?? undefined,
    kept: true,
  } as unknown as VerifiedDelivery;
}
