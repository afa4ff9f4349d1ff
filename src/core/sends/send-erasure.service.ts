import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type SourcedDraft } from '../activities/sourced-draft.js';
import { ErasureService } from '../conversations/erasure.service.js';
import { eraseKeys } from './erased-key.sql.js';
import { ownDraft } from './own-draft.js';
import { readUnsent, type UnsentItem } from './read-item.sql.js';
import { endItems, eraseItems, letGoItems } from './write-sends.sql.js';

/**
 * What was to leave for somebody who is erased never does, and what was kept of it goes: it is canceled, so that nobody waits for it. So is another's
 * mail that has them in copy, and a call that they would make: the address is part of what it says, and whoever wrote it decides whether to send it without.
 */
@Injectable()
export class SendErasureService implements OnModuleInit {
  constructor(private readonly erasure: ErasureService) {}

  onModuleInit(): void {
    this.erasure.onErase(async (tx, { organizationId, activityIds, addresses }, record) => {
      const theirs = new Set(activityIds);
      const items = await tx.$queryRaw<UnsentItem[]>(readUnsent(organizationId, activityIds, addresses));
      if (activityIds.length) {
        await tx.$executeRaw(eraseItems(activityIds));
        await tx.$executeRaw(eraseKeys(activityIds));
      }
      const idsOf = (items: readonly UnsentItem[]) => items.map(({ activityId }) => activityId);
      const unsent = items.filter(({ state }) => state !== 'ATTEMPTED');
      const attempted = idsOf(items.filter(({ state, activityId }) => state === 'ATTEMPTED' && !theirs.has(activityId)));
      if (attempted.length) await tx.$executeRaw(letGoItems(attempted));
      if (!unsent.length) return;
      const drafts = unsent.filter(({ hasLeft }) => !hasLeft).map((item) => canceled(item, theirs.has(item.activityId)));
      await record(drafts, () => ({ ended: endItems(idsOf(unsent)) }));
    });
  }
}

/** A shell keeps no error: that it is one says why. */
function canceled(item: UnsentItem, isTheirs: boolean): SourcedDraft {
  const error = { code: 'PERSON_ERASED', message: null };
  return ownDraft(item, { step: 'canceled', status: 'CANCELED', at: new Date(), ...(!isTheirs && { error }) });
}
