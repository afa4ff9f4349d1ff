import { Injectable } from '@nestjs/common';
import { newId } from '../../platform/database/new-id.service.js';
import { type Queries } from '../../platform/database/direct-queries.service.js';
import { isDataError, isLockTimeout, isSerializationFailure } from '../../platform/database/sql-state.js';
import { JobsService } from '../../platform/jobs/jobs.service.js';
import { type ActivityRow } from '../activities/activity-row.js';
import { type Decision, type FreshDecision, RecorderService } from '../activities/recorder.service.js';
import { Channel } from '../adapters/channel.js';
import { type KnownContacts } from '../contacts/known-contacts.js';
import { withContacts } from '../contacts/read-contacts.sql.js';
import { copyUploads } from '../attachments/copy-uploads.sql.js';
import { DeparturesService } from './departures.service.js';
import { Pacing } from './pacing.js';
import { planSends, type SendResult, type SendsPast, type SendsPlan } from './plan-sends.js';
import { type PreparedSend } from './prepared-send.js';
import { nobodyOptedOut, readSnapshot, type SendsSnapshot } from './send-facts.sql.js';
import { type SendFacts } from './send-rules.js';
import { SendsConfig } from './sends.config.js';
import { Turnstile } from './turnstile.service.js';
import { insertItems, insertSends, writeTurns } from './write-sends.sql.js';

/** What became of a send, and the activities that were made with it. */
export interface Accepted {
  readonly result: SendResult;
  readonly made: ReadonlyMap<string, ActivityRow>;
}

interface Waiting {
  readonly send: PreparedSend;
  readonly done: (accepted: Accepted) => void;
  readonly failed: (error: unknown) => void;
}

/** A group's bounds: what does not fit joins the next. */
const MOST_RECIPIENTS = 200;
const MOST_RETRIES = 3;

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
    private readonly turnstile: Turnstile,
    private readonly jobs: JobsService,
    private readonly config: SendsConfig,
  ) {}

  /** What became of it, once that is committed. Throws what the database says against it; nothing of it was written then. */
  accept(send: PreparedSend): Promise<Accepted> {
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

  private async flush(group: readonly Waiting[], tried = 0): Promise<void> {
    const sends = group.map(({ send }) => send);
    const organizations = [...new Set(sends.map(({ organizationId }) => organizationId))];
    try {
      const { result, made } = await this.turnstile.pass(() =>
        this.recorder.recordFresh(organizations, {
          guess: (contacts) => this.guess(sends, contacts),
          look: (queries) => this.look(queries, organizations, sends),
        }),
      );
      this.departures.leave(result.departures);
      group.forEach(({ done }, i) => done({ result: result.results[i]!, made }));
    } catch (error) {
      if (isSerializationFailure(error) && tried < MOST_RETRIES) return this.flush(group, tried + 1);
      // One that the database refuses, or whose organization another holds for long, must not stop its neighbours. After another failure nobody
      // knows whether it was committed: it is not tried again.
      if (group.length > 1 && (isDataError(error) || isLockTimeout(error))) for (const one of group) await this.flush([one]);
      else for (const { failed } of group) failed(error);
    }
  }

  /** That nothing stands against them and no key is known, where no more than that is asked. */
  private guess(sends: readonly PreparedSend[], contacts: KnownContacts): FreshDecision<SendsPlan> | undefined {
    if (this.config.perSecond !== undefined || !sends.every(asksLittle)) return undefined;
    const asked = sends.flatMap(factsAskedOf);
    const plan = this.plan(sends, { known: [], facts: asked.map(() => NOTHING_AGAINST) }, new Pacing(undefined, []));
    // The same key twice in one group is no guess.
    if (plan.result.sends.length < sends.length) return undefined;
    return { ...plan, contacts, seqs: undefined, check: nobodyOptedOut(asked) };
  }

  private async look(
    queries: Queries,
    organizationIds: readonly string[],
    sends: readonly PreparedSend[],
  ): Promise<FreshDecision<SendsPlan>> {
    const { perSecond } = this.config;
    const [{ found }] = await queries.$queryRaw<[{ found: SendsSnapshot }]>(
      readSnapshot({
        organizationIds,
        keys: sends.flatMap(({ organizationId, idempotencyKey }) => (idempotencyKey === null ? [] : [{ organizationId, idempotencyKey }])),
        recipients: sends.flatMap(factsAskedOf),
        senders:
          perSecond === undefined ? [] : sends.map(({ organizationId, channel, from: sender }) => ({ organizationId, channel, sender })),
      }),
    );
    const turns = (found.turns ?? []).map((turn) => ({ ...turn, nextAt: new Date(turn.nextAt) }));
    return {
      ...this.plan(sends, { known: found.known ?? [], facts: found.facts ?? [] }, new Pacing(perSecond, turns)),
      seqs: new Map((found.heads ?? []).map(({ organizationId, seq }) => [organizationId, seq])),
      contacts: withContacts(new Map(), { heads: found.contacts.heads ?? [], found: found.contacts.found ?? [] }),
    };
  }

  private plan(sends: readonly PreparedSend[], past: SendsPast, pacing: Pacing): Decision<SendsPlan> {
    const { freeSlots } = this.departures;
    const plan = planSends(sends, past, { now: new Date(), newId, freeSlots, processName: this.jobs.processName, pacing });
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

const NOTHING_AGAINST: SendFacts = { consent: null, heardAt: null, newer: null };

/** Neither a window nor what somebody has seen is in question. */
function asksLittle({ channel, seenSeq, content }: PreparedSend): boolean {
  return seenSeq === null && (channel !== Channel.WHATSAPP || content.template !== undefined);
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
