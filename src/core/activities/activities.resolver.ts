import { Args, Context, ID, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type GraphqlContext } from '../../platform/graphql/graphql-context.js';
import { readList } from '../../platform/graphql/lists-at-once.js';
import { loaderOf } from '../../platform/graphql/loader.js';
import { OptionalInput } from '../../platform/graphql/optional-input.decorator.js';
import { type Actor, holds } from '../access/actor.js';
import { Scope } from '../access/scope.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import { Channel } from '../adapters/channel.js';
import { type FeedEvent } from '../feed/feed-entry.js';
import { FeedEventsService } from '../feed/feed-events.service.js';
import { ActivitiesService } from './activities.service.js';
import { ActivityFilterInput } from './activity-filter.input.js';
import { ActivityConnectionModel, ActivityErrorModel, ActivityEventModel, ActivityModel } from './activity.model.js';
import { type ActivityRow } from './activity-row.js';
import { PresentationService } from './presentation.service.js';
import { TextsService } from './texts.service.js';

const EVENTS = Symbol('events');
const HTMLS = Symbol('htmls');
const REPLIED_TO = Symbol('repliedTo');
const MOST_EVENTS = 500;

@Resolver(() => ActivityModel)
export class ActivitiesResolver {
  constructor(
    private readonly activities: ActivitiesService,
    private readonly events: FeedEventsService,
    private readonly presentation: PresentationService,
    private readonly texts: TextsService,
  ) {}

  @Query(() => ActivityModel, {
    name: 'activity',
    nullable: true,
    description: "Null, with the error NOT_FOUND, for a stranger's as for none.",
  })
  async one(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<ActivityModel> {
    return this.presentation.activity(await this.activities.one(actor, id));
  }

  @Query(() => ActivityConnectionModel, { name: 'activities', description: 'Newest first, with the cursor to subscribe from.' })
  async list(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Args('organizationId', { type: () => ID }) organizationId: string,
    @OptionalInput('filter', ActivityFilterInput) filter: ActivityFilterInput | null,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50 }) first: number | null,
    @Args('after', { type: () => String, nullable: true }) after: string | null,
  ): Promise<ActivityConnectionModel> {
    const { edges, ...page } = await readList(context, () => this.activities.list(actor, organizationId, filter ?? {}, { first, after }));
    return { ...page, edges: edges.map(({ cursor, node }) => ({ cursor, node: this.presentation.activity(node) })) };
  }

  @ResolveField('error', () => ActivityErrorModel, { nullable: true })
  errorOf(@Parent() { row }: ActivityModel, @Context() { language }: GraphqlContext): ActivityErrorModel | null {
    return row.error && this.presentation.error(row, row.error, language);
  }

  @ResolveField('html', () => String, {
    nullable: true,
    description:
      "Sanitised HTML of an email. An image that came with it is `cid:` and an attachment's `contentId`; the address of one elsewhere is in `data-remote-src`, for a reader who asks for it.",
  })
  async htmlOf(@Parent() { row }: ActivityModel, @Context() context: GraphqlContext): Promise<string | null> {
    if (row.channel !== Channel.EMAIL) return null;
    return loaderOf<string, string | null>(context, HTMLS, (ids) => this.texts.htmls(ids), null).load(row.id);
  }

  @ResolveField('replyTo', () => ActivityModel, { nullable: true })
  async replyToOf(@Parent() { row }: ActivityModel, @Context() context: GraphqlContext): Promise<ActivityModel | null> {
    // Who may only send does not read by what a send returns.
    if (row.replyTo === null || !holds(context.actor as Actor, Scope.READ)) return null;
    const loader = loaderOf<string, ActivityRow | null>(context, REPLIED_TO, (keys) => this.activities.repliedTo(keys), null);
    const found = await loader.load(`${row.provider} ${row.replyTo}`);
    // A reference says nothing of who may see it.
    return found?.organizationId === row.organizationId ? this.presentation.activity(found) : null;
  }

  @ResolveField('events', () => [ActivityEventModel], { description: 'What happened to it, oldest first; the newest 500.' })
  async eventsOf(@Parent() { row }: ActivityModel, @Context() context: GraphqlContext): Promise<ActivityEventModel[]> {
    const events = await loaderOf<string, FeedEvent[]>(context, EVENTS, (ids) => this.events.ofActivities(ids, MOST_EVENTS), []).load(
      row.id,
    );
    return events.map((event) => this.presentation.event(event, row.provider, context.language));
  }
}
