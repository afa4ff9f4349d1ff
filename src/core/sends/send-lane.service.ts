import { Injectable } from '@nestjs/common';
import { Prisma } from '../../generated/prisma/client.js';
import { newId } from '../../platform/database/new-id.service.js';
import { type Queries } from '../../platform/database/direct-queries.service.js';
import { isDataError, isSerializationFailure } from '../../platform/database/sql-state.js';
import { Turnstile } from '../../platform/database/turnstile.service.js';
import { JobsService } from '../../platform/jobs/jobs.service.js';
import { type ActivityRow } from '../activities/activity-row.js';
import { type Decision, type FreshDecision, RecorderService } from '../activities/recorder.service.js';
import { Channel } from '../adapters/channel.js';
import { type KnownContacts } from '../contacts/known-contacts.js';
import { withContacts } from '../contacts/read-contacts.sql.js';
import { copyUploads } from '../attachments/copy-uploads.sql.js';
import { DeparturesService } from './departures.service.js';
import { KeyedQueue } from './keyed-queue.js';
import { Pacing, senderOf } from './pacing.js';
import { planSends, type SendResult, type SendsPast, type SendsPlan } from './plan-sends.js';
import { type PreparedSend } from './prepared-send.js';
import { copiesAsked, type FactsAsked, nobodyOptedOut, noneErased, readSnapshot, type SendsSnapshot } from './send-facts.sql.js';
import { type SendFacts } from './send-rules.js';
import { SendsConfig } from './sends.config.js';
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
const MOST_BYTES = 8 << 20;
const MOST_RETRIES = 3;

/**
 * One transaction for all sends of an organization that were asked for together: their rules, their rows and, where there is room, the notes of their first
 * attempts, which begin when it has committed. A lane for each organization, flushed on the tick and without a timer.
 */
@Injectable()
export class SendLane {
  private readonly listeners: ((dueAt: Date) => void)[] = [];
  private readonly queue = new KeyedQueue<Waiting>((organizationId, group) => this.flush(organizationId, group), groupSize);

  constructor(
    private readonly recorder: RecorderService,
    private readonly departures: DeparturesService,
    private readonly turnstile: Turnstile,
    private readonly jobs: JobsService,
    private readonly config: SendsConfig,
  ) {}

  /** What became of it, once that is committed. Throws what the database says against it; nothing of it was written then. */
  accept(send: PreparedSend): Promise<Accepted> {
    return new Promise((done, failed) => this.queue.push(send.organizationId, { send, done, failed }));
  }

  /** Who lets leave what waits hears here when the first of what was accepted is due. */
  onWaiting(listener: (dueAt: Date) => void): void {
    this.listeners.push(listener);
  }

  private tellWaiting({ items }: SendsPlan): void {
    const waiting = items.filter(({ state }) => state === 'WAITING').map(({ dueAt }) => dueAt.getTime());
    if (waiting.length) for (const listener of this.listeners) listener(new Date(Math.min(...waiting)));
  }

  private async flush(organizationId: string, group: readonly Waiting[], tried = 0): Promise<void> {
    const sends = group.map(({ send }) => send);
    try {
      const decider = {
        guess: (contacts: KnownContacts) => this.guess(organizationId, sends, contacts),
        look: (queries: Queries) => this.look(queries, organizationId, sends),
      };
      const { result, made } = await this.turnstile.passOnceFree(organizationId, (isHeld) =>
        this.recorder.recordFresh(organizationId, decider, isHeld),
      );
      this.departures.leave(result.departures.map((departure) => ({ ...departure, activity: made.get(departure.activityId) })));
      this.tellWaiting(result);
      // The requests leave before the answers are made: Node writes them when all that is promised now is done.
      setImmediate(() => group.forEach(({ done }, i) => done({ result: result.results[i]!, made })));
    } catch (error) {
      if (isSerializationFailure(error) && tried < MOST_RETRIES) return this.flush(organizationId, group, tried + 1);
      // One that the database refuses must not stop its neighbours. After another failure nobody knows whether it was committed: it is not tried again.
      if (group.length > 1 && isDataError(error)) for (const one of group) await this.flush(organizationId, [one]);
      else for (const { failed } of group) failed(error);
    }
  }

  /** That nothing stands against them and no key is known, where no more than that is asked. */
  private guess(organizationId: string, sends: readonly PreparedSend[], contacts: KnownContacts): FreshDecision<SendsPlan> | undefined {
    if (this.config.perSecond !== undefined || !sends.every(asksLittle)) return undefined;
    const asked = sends.flatMap(askedOf);
    const plan = this.plan(sends, { known: [], facts: asked.map(() => NOTHING_AGAINST) }, new Pacing(undefined, []));
    // The same key twice in one group is no guess.
    if (plan.result.sends.length < sends.length) return undefined;
    return {
      ...plan,
      contacts,
      seq: undefined,
      check: Prisma.sql`${nobodyOptedOut(asked)} and ${noneErased(organizationId, keysOf(sends))}`,
    };
  }

  private async look(queries: Queries, organizationId: string, sends: readonly PreparedSend[]): Promise<FreshDecision<SendsPlan>> {
    const { perSecond } = this.config;
    const [{ found }] = await queries.$queryRaw<[{ found: SendsSnapshot }]>(
      readSnapshot({
        organizationId,
        keys: keysOf(sends),
        recipients: sends.flatMap(askedOf),
        senders: perSecond === undefined ? [] : sends.map(senderOf),
      }),
    );
    const turns = (found.turns ?? []).map((turn) => ({
      ...turn,
      nextAt: new Date(turn.nextAt),
      freeAt: turn.freeAt === null ? null : new Date(turn.freeAt),
    }));
    return {
      ...this.plan(sends, { known: found.known ?? [], facts: found.facts ?? [] }, new Pacing(perSecond, turns)),
      seq: found.seq,
      contacts: withContacts(new Map(), { heads: found.contacts.heads ?? [], found: found.contacts.found ?? [] }),
    };
  }

  private plan(sends: readonly PreparedSend[], past: SendsPast, pacing: Pacing): Decision<SendsPlan> {
    const room = this.departures.room();
    const plan = planSends(sends, past, { now: new Date(), newId, room, processName: this.jobs.processName, pacing });
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
function asksLittle({ channel, content }: PreparedSend): boolean {
  return content.seenSeq === undefined && (channel !== Channel.WHATSAPP || content.template !== undefined);
}

function keysOf(sends: readonly PreparedSend[]) {
  return sends.flatMap(({ organizationId, idempotencyKey }) => (idempotencyKey === null ? [] : [{ organizationId, idempotencyKey }]));
}

function askedOf({ organizationId, channel, from: sender, recipients, content }: PreparedSend): FactsAsked[] {
  const { seenSeq } = content;
  const copies = copiesAsked(organizationId, channel, content);
  return recipients.map(({ addressHash, identity }) => ({ organizationId, channel, sender, addressHash, copies, identity, seenSeq }));
}

/** Bounded in recipients and in bytes: what does not fit joins the next. */
function groupSize(queue: readonly Waiting[]): number {
  let [recipients, bytes, count] = [0, 0, 0];
  for (const { send } of queue) {
    recipients += send.recipients.length;
    bytes += bytesOf(send);
    if (count > 0 && (recipients > MOST_RECIPIENTS || bytes > MOST_BYTES)) break;
    count++;
  }
  return count;
}

/** About what it is written as. */
function bytesOf({ recipients, body, html, content }: PreparedSend): number {
  return recipients.length * ((body?.length ?? 0) + (html?.length ?? 0) + (content.mail?.html?.length ?? 0));
}
