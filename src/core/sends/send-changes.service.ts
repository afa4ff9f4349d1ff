import { Injectable } from '@nestjs/common';
import { badInput } from '../../platform/errors/coded-error.js';
import { type Language } from '../../platform/graphql/graphql-context.js';
import { Log } from '../../platform/logging/log.service.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { type Queries } from '../../platform/database/direct-queries.service.js';
import { Turnstile } from '../../platform/database/turnstile.service.js';
import { type Actor } from '../access/actor.js';
import { Scope } from '../access/scope.js';
import { ActivitiesService } from '../activities/activities.service.js';
import { type ActivityRow } from '../activities/activity-row.js';
import { type Decision, RecorderService } from '../activities/recorder.service.js';
import { AdapterRegistry } from '../adapters/adapter-registry.service.js';
import { replaceUnstorable } from '../adapters/storable-text.js';
import { Channel } from '../adapters/channel.js';
import { type KeptContent } from './departure.js';
import { DueWorker } from './due.worker.js';
import { ownDraft } from './own-draft.js';
import { approveItem, readItem, type SentItem } from './read-item.sql.js';
import { factsAskedAgainOf, type FactsRow, readFacts } from './send-facts.sql.js';
import { judge } from './send-rules.js';
import { refused } from './sends.errors.js';
import { endItems } from './write-sends.sql.js';

/** Where a call is over. */
const OVER = new Set(['COMPLETED', 'BUSY', 'NO_ANSWER', 'FAILED', 'CANCELED']);

/** What people decide of sends that were accepted. */
@Injectable()
export class SendChangesService {
  constructor(
    private readonly activities: ActivitiesService,
    private readonly recorder: RecorderService,
    private readonly adapters: AdapterRegistry,
    private readonly due: DueWorker,
    private readonly turnstile: Turnstile,
    private readonly log: Log,
  ) {}

  /** What has not left never does; a call under way is hung up. Throws BAD_USER_INPUT for what has left. */
  async cancel(actor: Actor, id: string): Promise<ActivityRow> {
    const { organizationId } = await this.activities.one(actor, id, Scope.SEND);
    const left = await this.decide(organizationId, async (tx) => {
      const item = await this.itemOf(tx, id);
      if (item.activity.status === 'CANCELED') return { drafts: [], alongside: () => ({}), result: undefined };
      if (item.hasLeft || (item.state !== 'DRAFT' && item.state !== 'WAITING')) return { drafts: [], alongside: () => ({}), result: item };
      const draft = ownDraft(activityOf(item), { step: 'canceled', status: 'CANCELED', at: new Date() });
      return { drafts: [draft], alongside: () => ({ ended: endItems([item.activity.id]) }), result: undefined };
    });
    if (left) await this.hangUp(left);
    return this.row(id);
  }

  /** A draft waits for its turn from now on, with the text it is given here or its own. Throws what the rules say now. */
  async approve(actor: Actor, id: string, body: string | null, language: Language): Promise<ActivityRow> {
    const { organizationId } = await this.activities.one(actor, id, Scope.SEND);
    if (body?.trim() === '') throw badInput('body', 'body must say something: without it the draft leaves with the text it has.');
    const text = body === null ? null : replaceUnstorable(body);
    await this.decide(organizationId, async (tx) => {
      const item = await this.itemOf(tx, id);
      if (item.state !== 'DRAFT') throw badInput('id', 'id must be that of a draft: this one was approved or canceled already.');
      const asked = factsAskedAgainOf({ ...item.activity, activityId: item.activity.id, content: item.content });
      const [{ facts }] = await tx.$queryRaw<[FactsRow]>(readFacts([asked]));
      const now = new Date();
      const refusal = judge(item.activity.channel, item.content.template, facts![0]!, now);
      if (refusal) throw refused(refusal, language);
      const content = text === null ? item.content : this.contentWith(item, text);
      const dueAt = new Date(Math.max(now.getTime(), Date.parse(item.dueAt)));
      const draft = ownDraft(activityOf(item), {
        step: 'approved',
        status: dueAt > now ? 'SCHEDULED' : 'QUEUED',
        at: now,
        ...(text !== null && { facts: { body: text } }),
      });
      return {
        drafts: [draft],
        alongside: () => ({ approved: approveItem(item.activity.id, { approvedBy: actor.subject, dueAt, content }) }),
        result: undefined,
      };
    });
    this.due.wake();
    return this.row(id);
  }

  /** One of an organization at a time, for as long as another holds it: of those who wait none keeps a connection. */
  private decide<T>(organizationId: string, decide: (tx: Queries) => Promise<Decision<T>>): Promise<T> {
    return this.turnstile.passOnceFree(organizationId, (isHeld) => this.recorder.recordDecided(organizationId, decide, isHeld));
  }

  /** What leaves with another text. Throws where that is no text of its own, or too long. */
  private contentWith({ content, activity, files }: SentItem, body: string): KeptContent {
    if (content.template) throw badInput('body', 'body is not for a draft by a template: that says all.');
    if (content.mail?.html) throw badInput('body', 'body is not for a draft with HTML, which would say something else.');
    if (content.call?.agent) throw badInput('body', 'body is not for a call that an agent makes: nothing is said.');
    const { channel, provider, from, to } = activity;
    const changed = content.call ? { ...content, call: { ...content.call, say: body } } : content;
    const problem = this.adapters
      .find(channel, provider)
      ?.outbound?.check({ ...changed, from, to, subject: activity.subject, body, files: files ?? [] });
    if (problem) throw badInput('body', problem.problem);
    return changed;
  }

  private async hangUp({ activity, accountId }: SentItem): Promise<void> {
    const { channel, provider, externalId, status, id } = activity;
    const outbound = this.adapters.find(channel, provider)?.outbound;
    if (channel !== Channel.VOICE) throw badInput('id', 'id has left already: nothing can take it back.');
    if (OVER.has(status)) throw badInput('id', 'id is a call that is over.');
    if (!outbound?.hangUp) throw badInput('id', 'id is a call of a provider that is not configured any more: nothing can take it back.');
    if (!externalId)
      throw badInput(
        'id',
        status === 'UNKNOWN'
          ? 'id is a call of which nobody knows whether it began: nothing can take it back.'
          : 'id is a call that the provider is being asked for: cancel it again in a moment.',
      );
    try {
      await outbound.hangUp(externalId, accountId);
    } catch (error) {
      this.log.warn('send.not_hung_up', { activityId: id, reason: reasonOf(error) });
      throw badInput('id', `The provider did not hang up: ${reasonOf(error)}`);
    }
  }

  private async itemOf(tx: Queries, id: string): Promise<SentItem> {
    const [item] = await tx.$queryRaw<SentItem[]>(readItem(id));
    if (!item) throw badInput('id', 'id must be that of an activity that was sent from here.');
    return item;
  }

  private async row(id: string): Promise<ActivityRow> {
    return (await this.activities.byId([id])).get(id.toLowerCase())!;
  }
}

function activityOf({ activity, accountId }: SentItem) {
  const { id: activityId, organizationId, channel, provider } = activity;
  return { activityId, organizationId, channel, provider, accountId };
}
