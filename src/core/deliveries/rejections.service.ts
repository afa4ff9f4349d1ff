import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { Log } from '../../platform/logging/log.service.js';
import { type RawDelivery } from '../adapters/delivery.js';

/** As many of the newest are kept: enough to see why, too few to fill a disk. */
const KEPT = 1_000;
/** The log is cut at the first refusal of a process, and each time so many were added. */
const CUT_EVERY = 200;
/** More than these waiting to be written are not kept: whoever floods us gets no say in our storage. */
const MOST_WAITING = 500;

interface Rejection {
  readonly delivery: RawDelivery;
  readonly reason: string;
  readonly done: () => void;
}

/** The bounded log of what was refused: when, where and why, without body or headers. */
@Injectable()
export class RejectionsService {
  private waiting: Rejection[] = [];
  private writing = false;
  private sinceCut = CUT_EVERY;

  constructor(
    private readonly database: DatabaseService,
    private readonly log: Log,
  ) {}

  /** Resolves once it is kept, or will not be: a refusal stands either way. */
  keep(delivery: RawDelivery, reason: string): Promise<void> {
    if (this.waiting.length >= MOST_WAITING) return Promise.resolve();
    return new Promise((done) => {
      this.waiting.push({ delivery, reason, done });
      if (!this.writing) void this.write();
    });
  }

  private async write(): Promise<void> {
    this.writing = true;
    while (this.waiting.length) {
      const batch = this.waiting.splice(0);
      try {
        await this.database.prisma.delivery.createMany({ data: batch.map(({ delivery, reason }) => rowOf(delivery, reason)) });
        if ((this.sinceCut += batch.length) >= CUT_EVERY) await this.cut();
      } catch (error) {
        this.log.warn('delivery.rejection_not_kept', { reason: reasonOf(error), count: batch.length });
      }
      for (const { done } of batch) done();
    }
    this.writing = false;
  }

  private async cut(): Promise<void> {
    this.sinceCut = 0;
    await this.database.prisma.$executeRaw`
      delete from delivery where state = 'REJECTED' and id <= (
        select id from delivery where state = 'REJECTED' order by id desc offset ${KEPT} limit 1)`;
  }
}

const LONGEST_URL = 300;

function rowOf({ id, channel, provider, url, receivedAt }: RawDelivery, reason: string) {
  return {
    id,
    channel,
    provider,
    url: url.split('?', 1)[0]!.slice(0, LONGEST_URL),
    receivedAt,
    state: 'REJECTED',
    error: reason,
    problems: [],
    headers: {},
    body: new Uint8Array(),
    activityIds: [],
    waitsFor: [],
  };
}
