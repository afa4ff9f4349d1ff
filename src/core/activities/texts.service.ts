import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import { type Prisma } from '../../generated/prisma/client.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { bodiesOf, htmlsOf } from './texts.sql.js';

/** Read by one statement: a text may have megabytes. */
const AT_ONCE = 8;

/** The texts of activities that are read only where they are asked for. */
@Injectable()
export class TextsService {
  /** Of all that ask in one tick, and remembers nothing. */
  private readonly bodies = new DataLoader<string, string | null>(
    async (ids) => {
      const found = await this.read(ids, bodiesOf);
      return ids.map((id) => found.get(id) ?? null);
    },
    { cache: false },
  );

  constructor(private readonly database: DatabaseService) {}

  /** By activity; nothing for those without HTML. */
  htmls(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.read(ids, htmlsOf);
  }

  /** Null where there is none. */
  body(activityId: string): Promise<string | null> {
    return this.bodies.load(activityId);
  }

  private async read(ids: readonly string[], query: (ids: readonly string[]) => Prisma.Sql): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const rows = await this.database.prisma.$queryRaw<{ activityId: string; text: string }[]>(query(ids.slice(from, from + AT_ONCE)));
      for (const { activityId, text } of rows) found.set(activityId, text);
    }
    return found;
  }
}
