import { Args, Context, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type GraphqlContext } from '../../platform/graphql/graphql-context.js';
import { readList } from '../../platform/graphql/lists-at-once.js';
import { loaderOf } from '../../platform/graphql/loader.js';
import { type Actor, holds } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import { Scope } from '../access/scope.js';
import { FeedItemModel } from '../activities/feed-item.model.js';
import { Channel } from '../adapters/channel.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { CursorScalar } from '../feed/cursor.scalar.js';
import { ContactModel } from './contact.model.js';
import { ConversationConnectionModel, ConversationModel } from './conversation.model.js';
import { ConversationsService } from './conversations.service.js';

const CONVERSATIONS = Symbol('conversations');

@Resolver(() => ConversationModel)
export class ConversationsResolver {
  constructor(
    private readonly service: ConversationsService,
    private readonly contacts: ContactsService,
  ) {}

  @Query(() => ConversationModel, { name: 'conversation', nullable: true, description: 'Null where the contact has no activities.' })
  async one(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Args('contactId', { type: () => ID }) contactId: string,
  ): Promise<ConversationModel | null> {
    const { id } = await this.contacts.one(actor, Scope.READ, contactId);
    return load(this.service, id, context);
  }

  @Query(() => ConversationConnectionModel, {
    name: 'conversations',
    description: 'The inbox: newest first, by the newest activity of each.',
  })
  list(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Args('organizationId', { type: () => ID }) organizationId: string,
    @Args('channels', { type: () => [Channel], nullable: true }) channels: Channel[] | null,
    @Args('awaitingReply', { type: () => Boolean, nullable: true }) awaitingReply: boolean | null,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50 }) first: number | null,
    @Args('after', { type: () => String, nullable: true }) after: string | null,
  ): Promise<ConversationConnectionModel> {
    return readList(context, () => this.service.list(actor, organizationId, { channels, awaitingReply }, { first, after }));
  }

  @Mutation(() => Boolean, { description: 'Needs READ. What came in up to that position of the feed is read; reading never goes back.' })
  async markRead(
    @CurrentActor() actor: Actor,
    @Args('contactId', { type: () => ID }) contactId: string,
    @Args('upTo', { type: () => CursorScalar }) upTo: string,
  ): Promise<boolean> {
    await this.service.markRead(actor, contactId, upTo);
    return true;
  }
}

@Resolver(() => ContactModel)
export class ContactConversationResolver {
  constructor(private readonly service: ConversationsService) {}

  @ResolveField('conversation', () => ConversationModel, { nullable: true })
  ofContact(@Parent() { id }: ContactModel, @Context() context: GraphqlContext): Promise<ConversationModel | null> {
    // Who may only send does not read by what a change returns.
    return holds(context.actor as Actor, Scope.READ) ? load(this.service, id, context) : Promise.resolve(null);
  }
}

@Resolver(() => FeedItemModel)
export class FeedItemConversationResolver {
  constructor(private readonly service: ConversationsService) {}

  @ResolveField('conversation', () => ConversationModel, { nullable: true, description: 'Of READ and CONTACT.' })
  ofItem(@Parent() { kind, contactId }: FeedItemModel, @Context() context: GraphqlContext): Promise<ConversationModel | null> {
    const isTold = contactId !== null && (kind === 'READ' || kind === 'CONTACT');
    return isTold ? load(this.service, contactId, context) : Promise.resolve(null);
  }
}

function load(service: ConversationsService, contactId: string, context: GraphqlContext): Promise<ConversationModel | null> {
  return loaderOf<string, ConversationModel | null>(context, CONVERSATIONS, (ids) => service.ofContacts(ids), null).load(contactId);
}
