import { Args, Context, ID, Int, Query, Resolver, Subscription } from '@nestjs/graphql';
import { type GraphqlContext } from '../../platform/graphql/graphql-context.js';
import { readList } from '../../platform/graphql/lists-at-once.js';
import { type Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import { Channel } from '../adapters/channel.js';
import { CursorScalar } from '../feed/cursor.scalar.js';
import { type FeedItem, type FeedSubscription } from '../feed/feed-subscription.js';
import { ActivityModel } from './activity.model.js';
import { ActivityUpdateModel, FeedItemModel, FeedPageModel } from './feed-item.model.js';
import { FeedListeningService, type Listening } from './feed-listening.service.js';
import { PresentationService } from './presentation.service.js';

const CHANNELS = { type: () => [Channel], nullable: true } as const;
const CONTACT = { type: () => ID, nullable: true } as const;
const CONVERSATIONS = { type: () => Boolean, nullable: true, defaultValue: false } as const;
const AFTER = { type: () => CursorScalar, nullable: true } as const;

/** `this` of a subscription's `resolve` is the resolver (Nest binds it). */
type Self = { readonly presentation: PresentationService };

@Resolver()
export class FeedResolver {
  constructor(
    private readonly listening: FeedListeningService,
    readonly presentation: PresentationService,
  ) {}

  @Query(() => FeedPageModel, {
    description: "The feed by pulling, for clients that can't hold a socket. Without `after`: from the oldest kept.",
  })
  async feed(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Args('organizationId', { type: () => ID }) organizationId: string,
    @Args('channels', CHANNELS) channels: Channel[] | null,
    @Args('contactId', CONTACT) contactId: string | null,
    @Args('conversations', CONVERSATIONS) conversations: boolean | null,
    @Args('after', AFTER) after: string | null,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 100 }) first: number | null,
  ): Promise<FeedPageModel> {
    const asked = { organizationId, channels, contactId, conversations, after };
    const { entries, ...page } = await readList(context, () => this.listening.page(actor, asked, first));
    return { ...page, items: entries.map((entry) => this.presentation.feedItem(organizationId, { entry }, context.language)) };
  }

  @Subscription(() => ActivityModel, {
    description: `Each activity once, when it is first recorded, filtered by organization and channel. With \`after\`, first everything since that
position, then live, without a gap. A position older than what is kept ends the subscription with CURSOR_EXPIRED.`,
    resolve(this: Self, item: Extract<FeedItem, { entry: unknown }>, _args: Listening, context: GraphqlContext) {
      return this.presentation.entry(item.entry, context.language).activity;
    },
  })
  activityCreated(
    @CurrentActor() actor: Actor,
    @Context() { socket }: GraphqlContext,
    @Args('organizationId', { type: () => ID }) organizationId: string,
    @Args('channels', CHANNELS) channels: Channel[] | null,
    @Args('after', AFTER) after: string | null,
  ): Promise<FeedSubscription> {
    return this.listening.listen(actor, { organizationId, channels, after }, 'CREATED', socket);
  }

  @Subscription(() => ActivityUpdateModel, {
    description: 'Each change of an activity that already existed: a new status, an attachment that arrived.',
    resolve(this: Self, item: Extract<FeedItem, { entry: unknown }>, _args: Listening, context: GraphqlContext) {
      const { activity, event } = this.presentation.entry(item.entry, context.language);
      return { activity, event, cursor: event.cursor };
    },
  })
  activityUpdated(
    @CurrentActor() actor: Actor,
    @Context() { socket }: GraphqlContext,
    @Args('organizationId', { type: () => ID }) organizationId: string,
    @Args('channels', CHANNELS) channels: Channel[] | null,
    @Args('after', AFTER) after: string | null,
  ): Promise<FeedSubscription> {
    return this.listening.listen(actor, { organizationId, channels, after }, 'UPDATED', socket);
  }

  @Subscription(() => FeedItemModel, {
    description:
      'Both, in one order, with one cursor: what a client that keeps a list or a copy should use. One subscription an organization: a cursor belongs to one feed.',
    resolve(this: Self, item: FeedItem, { organizationId }: Listening, context: GraphqlContext) {
      return this.presentation.feedItem(organizationId, item, context.language);
    },
  })
  activityFeed(
    @CurrentActor() actor: Actor,
    @Context() { socket }: GraphqlContext,
    @Args('organizationId', { type: () => ID }) organizationId: string,
    @Args('channels', CHANNELS) channels: Channel[] | null,
    @Args('contactId', CONTACT) contactId: string | null,
    @Args('conversations', CONVERSATIONS) conversations: boolean | null,
    @Args('after', AFTER) after: string | null,
  ): Promise<FeedSubscription> {
    return this.listening.listen(actor, { organizationId, channels, contactId, conversations, after }, 'ALL', socket);
  }
}
