import { describe, expect, it } from '@jest/globals';
import { type DatabaseService } from '../../platform/database/database.service.js';
import { newId } from '../../platform/database/new-id.service.js';
import { type Log } from '../../platform/logging/log.service.js';
import { type RecorderService } from '../activities/recorder.service.js';
import { type SourcedDraft } from '../activities/sourced-draft.js';
import { type VerifiedDelivery } from '../adapters/delivery.js';
import { type AttachmentsService } from '../attachments/attachments.service.js';
import { type Entry, GroupCommitService } from './group-commit.service.js';

/** What planning throws for one input alone cannot be had from outside: every one that is found is mended where it is. */
describe('a group with a delivery that we fail at', () => {
  const entryOf = (name: string): Entry => ({
    delivery: {
      id: newId(),
      provider: 'TWILIO',
      body: Buffer.alloc(0),
      headers: {},
      receivedAt: new Date(),
    } as unknown as VerifiedDelivery,
    normalized: { drafts: [{ externalId: name, ours: [] } as unknown as SourcedDraft['draft']], problems: [] },
  });

  it('commits the others, and keeps that one as FAILED', async () => {
    const kept: string[] = [];
    const groups: number[] = [];
    const record = (drafts: readonly SourcedDraft[], alongside: (outcomes: readonly object[]) => object) => {
      groups.push(drafts.length);
      if (drafts.some(({ draft }) => draft.externalId === 'bad')) return Promise.reject(new RangeError('Invalid time value'));
      alongside(drafts.map(() => ({ kind: 'RECORDED', activityId: newId(), organizationId: 'norte' })));
      return Promise.resolve();
    };
    const commits = new GroupCommitService(
      { prisma: { $executeRaw: () => Promise.resolve(kept.push('bad')) } } as unknown as DatabaseService,
      { record } as unknown as RecorderService,
      { alongside: () => ({}) } as unknown as AttachmentsService,
      { error: () => undefined } as unknown as Log,
    );
    const verdicts = await Promise.all(['a', 'b', 'bad', 'c'].map((id) => commits.commit(entryOf(id))));
    expect(verdicts.map(({ state }) => state)).toEqual(['PROCESSED', 'PROCESSED', 'FAILED', 'PROCESSED']);
    expect([groups, kept]).toEqual([[4, 1, 1, 1, 1], ['bad']]);
  });
});
