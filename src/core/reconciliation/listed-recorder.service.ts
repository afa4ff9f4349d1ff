import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDataError, isLockTimeout, isSerializationFailure, isUniqueViolation, sqlStateOf } from '../../platform/database/sql-state.js';
import { Log } from '../../platform/logging/log.service.js';
import { type Outcome } from '../activities/outcome.js';
import { type SourcedDraft } from '../activities/sourced-draft.js';
import { RecorderService } from '../activities/recorder.service.js';
import { AttachmentsService } from '../attachments/attachments.service.js';
import { countRecovered, type Recovered } from '../organizations/reconciled-senders.sql.js';
import { type AccountList } from './listed-accounts.service.js';
import { draftsOf } from './listed-drafts.js';
import { type RecordedItem, recoveredOf } from './recovered.js';

/** A group's bound, so that the organization is not held for long. */
const MOST_ITEMS = 100;
const MOST_TRIES = 5;
const PAUSE_MS = 200;

/** Records what a list tells, some items at a time, and counts what it had to tell. */
@Injectable()
export class ListedRecorder {
  constructor(
    private readonly recorder: RecorderService,
    private readonly attachments: AttachmentsService,
    private readonly log: Log,
  ) {}

  /** How many items told anything new, once it is committed. */
  async record(items: readonly RecordedItem[], account: AccountList): Promise<number> {
    let news = 0;
    for (let i = 0; i < items.length; i += MOST_ITEMS) news += await this.write(items.slice(i, i + MOST_ITEMS), account);
    return news;
  }

  private async write(group: readonly RecordedItem[], account: AccountList): Promise<number> {
    const receivedAt = new Date();
    const perItem = group.map((one) => draftsOf(one, account, receivedAt));
    for (let tries = 1; ; tries++) {
      try {
        return await this.writeOnce(group, perItem);
      } catch (error) {
        const passes = isSerializationFailure(error) || isUniqueViolation(error) || isLockTimeout(error);
        if (passes && tries < MOST_TRIES) await sleep(PAUSE_MS * tries, undefined, { ref: false });
        else if (passes || !isDataError(error)) throw error;
        else return this.writeEach(group, account, error);
      }
    }
  }

  /** One that the database refuses must not stop all that is listed with it and after it, for ever. */
  private async writeEach(group: readonly RecordedItem[], account: AccountList, cause: unknown): Promise<number> {
    let news = 0;
    if (group.length > 1) for (const one of group) news += await this.write([one], account);
    else {
      const { externalId } = group[0]!.item.about;
      this.log.error('reconciliation.not_recordable', cause, { provider: account.provider, externalId, sqlState: sqlStateOf(cause) });
    }
    return news;
  }

  private async writeOnce(group: readonly RecordedItem[], perItem: readonly (readonly SourcedDraft[])[]): Promise<number> {
    const drafts = perItem.flat();
    let recovered: readonly Recovered[] = [];
    let news = 0;
    await this.recorder.record(drafts, (outcomes) => {
      const outcomesOf = splitLike(perItem, outcomes);
      news = outcomesOf.filter((all) => all.some(({ kind }) => kind === 'RECORDED')).length;
      recovered = recoveredOf(group, outcomesOf);
      return { ...this.attachments.alongside(drafts, outcomes), ...(recovered.length && { recovered: countRecovered(recovered) }) };
    });
    return news;
  }
}

function splitLike(perItem: readonly (readonly SourcedDraft[])[], outcomes: readonly Outcome[]): readonly (readonly Outcome[])[] {
  let at = 0;
  return perItem.map(({ length }) => outcomes.slice(at, (at += length)));
}
