import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { readSentBy, type SentBy } from './read-item.sql.js';

/** Which send an activity is part of, and whose. */
@Injectable()
export class SentByService {
  constructor(private readonly database: DatabaseService) {}

  /** By activity; nothing for those that were not sent from here. */
  async of(activityIds: readonly string[]): Promise<ReadonlyMap<string, SentBy>> {
    const found = await this.database.prisma.$queryRaw<SentBy[]>(readSentBy(activityIds));
    return new Map(found.map((one) => [one.activityId, one]));
  }
}
