import { Injectable } from '@nestjs/common';
import { newId } from '../../platform/database/new-id.service.js';
import { type Queries } from '../../platform/database/direct-queries.service.js';
import { JobsService } from '../../platform/jobs/jobs.service.js';
import { type Decision, RecorderService } from '../activities/recorder.service.js';
import { copyUploads } from '../attachments/copy-uploads.sql.js';
import { DeparturesService } from './departures.service.js';
import { readTurns } from './due-items.sql.js';
import { Pacing } from './pacing.js';
import { planSends, type SendResult, type SendsPlan } from './plan-sends.js';
import { type PreparedSend } from './prepared-send.js';
import { type FactsRow, type KnownSend, readFacts, readKnownSends } from './send-facts.sql.js';
import { SendsConfig } from './sends.config.js';
import { insertItems, insertSends, type Turn, writeTurns } from './write-sends.sql.js';

interface Waiting {
  readonly send: PreparedSend;
  readonly done: (result: SendResult) => void;
  readonly failed: (error: unknown) => void;
}

/** A group's bounds: what does not fit joins the next. */
const MOST_RECIPIENTS = 200;

/**
 * One transaction for all sends that were asked for together: their rules, their rows and, where there is room, the notes of their first
 * attempts, which begin when it has committed. One lane, flushed on the tick and without a timer, as the deliveries' is.
 */
@Injectable()
export class SendLane {
  private readonly waiting: Waiting[] = [];
  private running = false;

  constructor(
    private readonly recorder: RecorderService,
    private readonly departures: DeparturesService,
    private readonly jobs: JobsService,
    private readonly config: SendsConfig,
  ) {}

  /** What became of it, once that is committed. Throws what the database says against it; nothing of it was written then. */
  accept(send: PreparedSend): Promise<SendResult> {
    return new Promise((done, failed) => {
      this.waiting.push({ send, done, failed });
      if (this.running) return;
      this.running = true;
      setImmediate(() => void this.run());
    });
  }

  private async run(): Promise<void> {
    while (this.waiting.length) await this.flush(takeGroup(this.waiting));
    this.running = false;
  }

  private async flush(group: readonly Waiting[]): Promise<void> {
    const sends = group.map(({ send }) => send);
    const organizations = [...new Set(sends.map(({ organizationId }) => organizationId))];
    try {
      const { results, departures } = await this.recorder.recordDecided(organizations, (tx) => this.decide(tx, sends));
      this.departures.leave(departures);
      group.forEach(({ done }, i) => done(results[i]!));
    } catch (error) {
      // One that the database refuses, or whose organization another holds for long, must not stop its neighbours.
      if (group.length > 1) for (const one of group) await this.flush([one]);
      else group[0]!.failed(error);
    }
  }

  private async decide(tx: Queries, sends: readonly PreparedSend[]): Promise<Decision<SendsPlan>> {
    const keys = sends.flatMap(({ organizationId, idempotencyKey }) =>
      idempotencyKey === null ? [] : [{ organizationId, idempotencyKey }],
    );
    const known = keys.length ? await tx.$queryRaw<KnownSend[]>(readKnownSends(keys)) : [];
    const [row] = await tx.$queryRaw<[FactsRow]>(readFacts(sends.flatMap(factsAskedOf)));
    const { perSecond } = this.config;
    const senders = sends.map(({ organizationId, channel, from: sender }) => ({ organizationId, channel, sender }));
    const pacing = new Pacing(perSecond, perSecond === undefined ? [] : await tx.$queryRaw<Turn[]>(readTurns(senders)));
    const { freeSlots } = this.departures;
    const present = { now: new Date(), newId, freeSlots, processName: this.jobs.processName, pacing };
    const plan = planSends(sends, { known, facts: row.facts ?? [] }, present);
    return {
      drafts: plan.drafts,
      alongside: () => ({
        ...(plan.sends.length && { sends: insertSends(plan.sends) }),
        ...(plan.items.length && { items: insertItems(plan.items) }),
        ...(plan.copies.length && { files: copyUploads(plan.copies) }),
        ...(pacing.written.size && { turns: writeTurns([...pacing.written.values()]) }),
      }),
      result: plan,
    };
  }
}

function factsAskedOf({ organizationId, channel, from: sender, recipients, seenSeq }: PreparedSend) {
  return recipients.map(({ addressHash, identity }) => ({ organizationId, channel, sender, addressHash, identity, seenSeq }));
}

function takeGroup(queue: Waiting[]): Waiting[] {
  let recipients = 0;
  let count = 0;
  while (count < queue.length) {
    recipients += queue[count]!.send.recipients.length;
    if (count > 0 && recipients > MOST_RECIPIENTS) break;
    count++;
  }
  return queue.splice(0, count);
}
