import { Injectable } from '@nestjs/common';
import { type Delivery, Prisma } from '../../generated/prisma/client.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { LOWEST_ID } from '../../platform/database/new-id.service.js';
import { CodedError, ErrorCode } from '../../platform/errors/coded-error.js';

/** A body may have 40 MB, and PostgreSQL gives it as text of twice as many: what is read at once is bounded by bytes too. */
const MOST_ROWS = 50;
const MOST_BYTES = 8 << 20;
/** What one list may show of bodies. */
const MOST_SHOWN_BYTES = 64 << 20;

interface Sized {
  readonly id: string;
  readonly bytes: number;
}

/** Reads kept deliveries with their bodies. */
@Injectable()
export class KeptBodies {
  constructor(private readonly database: DatabaseService) {}

  /** All that meet a condition as they are read, oldest first, in groups that fit into memory. */
  async *oldestFirst(where: Prisma.DeliveryWhereInput): AsyncGenerator<readonly Delivery[]> {
    const { delivery } = this.database.prisma;
    for (let last = LOWEST_ID; ;) {
      const page = await delivery.findMany({
        where: { AND: [where, { id: { gt: last } }] },
        orderBy: { id: 'asc' },
        take: MOST_ROWS,
        select: { id: true },
      });
      for (const ids of groupsOf(await this.sizes(page.map(({ id }) => id))))
        yield await delivery.findMany({ where: { AND: [where, { id: { in: ids } }] }, orderBy: { id: 'asc' } });
      if (page.length < MOST_ROWS) return;
      last = page.at(-1)!.id;
    }
  }

  /** By delivery. Throws QUERY_TOO_COMPLEX where they are too large together. */
  async byId(ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const sizes = await this.sizes(ids);
    const bytes = sizes.reduce((sum, one) => sum + one.bytes, 0);
    if (bytes > MOST_SHOWN_BYTES)
      throw new CodedError(
        ErrorCode.QUERY_TOO_COMPLEX,
        `The bodies of these deliveries have ${bytes} bytes, over ${MOST_SHOWN_BYTES}. Ask for fewer deliveries at once (first).`,
      );
    const found = new Map<string, Uint8Array>();
    for (const group of groupsOf(sizes)) {
      const rows = await this.database.prisma.delivery.findMany({ where: { id: { in: group } }, select: { id: true, body: true } });
      for (const { id, body } of rows) found.set(id, body);
    }
    return found;
  }

  /** Oldest first; those that are there. */
  private sizes(ids: readonly string[]): Promise<Sized[]> {
    return this.database.prisma.$queryRaw(
      Prisma.sql`select id, octet_length(body) as bytes from delivery where id = any(${[...ids]}::uuid[]) order by id`,
    );
  }
}

/** One that is larger than a group is one of its own. */
function groupsOf(sizes: readonly Sized[]): string[][] {
  const groups: string[][] = [];
  let room = 0;
  for (const { id, bytes } of sizes) {
    if (bytes > room || !groups.length) {
      groups.push([]);
      room = MOST_BYTES;
    }
    groups.at(-1)!.push(id);
    room -= bytes;
  }
  return groups;
}
