import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ErasureService } from '../conversations/erasure.service.js';
import { ownDraft } from './own-draft.js';
import { type NamingItem, readNaming } from './read-item.sql.js';
import { endItems, eraseItems, letGoItems } from './write-sends.sql.js';

/**
 * What was to leave for somebody who is erased never does, and what was kept of it goes. So does another's mail that has them in copy: the address
 * is part of what it says, and whoever wrote it decides whether to send it without.
 */
@Injectable()
export class SendErasureService implements OnModuleInit {
  constructor(private readonly erasure: ErasureService) {}

  onModuleInit(): void {
    this.erasure.onErase(async (tx, { organizationId, activityIds, addresses }, record) => {
      if (activityIds.length) await tx.$executeRaw(eraseItems(activityIds));
      const naming = await tx.$queryRaw<NamingItem[]>(readNaming(organizationId, addresses));
      const idsOf = (items: readonly NamingItem[]) => items.map(({ activityId }) => activityId);
      const unsent = naming.filter(({ state }) => state !== 'ATTEMPTED');
      const attempted = idsOf(naming.filter(({ state }) => state === 'ATTEMPTED'));
      if (attempted.length) await tx.$executeRaw(letGoItems(attempted));
      if (!unsent.length) return;
      const [at, error] = [new Date(), { code: 'PERSON_ERASED', message: null }];
      const drafts = unsent.map((item) => ownDraft(item, { step: 'canceled', status: 'CANCELED', at, error }));
      await record(drafts, () => ({ ended: endItems(idsOf(unsent)) }));
    });
  }
}
