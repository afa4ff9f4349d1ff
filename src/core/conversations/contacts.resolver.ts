import { Args, Context, ID, Info, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type GraphQLResolveInfo } from 'graphql';
import { type Contact } from '../../generated/prisma/client.js';
import { badInput } from '../../platform/errors/coded-error.js';
import { asksFor } from '../../platform/graphql/asks-for.js';
import { type GraphqlContext } from '../../platform/graphql/graphql-context.js';
import { readList } from '../../platform/graphql/lists-at-once.js';
import { loaderOf } from '../../platform/graphql/loader.js';
import { OptionalInput } from '../../platform/graphql/optional-input.decorator.js';
import { AccessService } from '../access/access.service.js';
import { type Actor, holds } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import { Scope } from '../access/scope.js';
import { isUuid } from '../../platform/database/uuid.js';
import { ActivitiesService } from '../activities/activities.service.js';
import { ActivityFilterInput } from '../activities/activity-filter.input.js';
import { ActivityConnectionModel, ActivityModel } from '../activities/activity.model.js';
import { PresentationService } from '../activities/presentation.service.js';
import { type DraftIdentity } from '../adapters/activity-draft.js';
import { Channel } from '../adapters/channel.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ContactChangesService } from './contact-changes.service.js';
import { ContactConnectionModel, ContactIdentityModel, ContactModel, presentContact } from './contact.model.js';
import { ErasureService } from './erasure.service.js';

const CONTACTS = Symbol('contacts');
const IDENTITIES = Symbol('identities');

/** What of a contact only READ sees: the answer to a change has none of it for others, and it is no answer without. */
const TO_READ = ['identities', 'activities'];

/** Itself, or what it was merged into; null for none. Of all that a request asks for, in one look. */
function contactById(context: GraphqlContext, contacts: ContactsService, id: string): Promise<Contact | null> {
  const loader = loaderOf<string, Contact | null>(context, CONTACTS, (ids) => contacts.byIds(ids), null);
  return isUuid(id) ? loader.load(id.toLowerCase()) : Promise.resolve(null);
}

@Resolver(() => ContactModel)
export class ContactsResolver {
  constructor(
    private readonly access: AccessService,
    private readonly contacts: ContactsService,
    private readonly changes: ContactChangesService,
    private readonly erasure: ErasureService,
    private readonly activities: ActivitiesService,
    private readonly presentation: PresentationService,
  ) {}

  @Query(() => ContactModel, { name: 'contact', nullable: true, description: "A merged contact's old id finds the one it became." })
  async one(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<ContactModel> {
    return presentContact(await this.contacts.one(actor, Scope.READ, id));
  }

  @Query(() => ContactConnectionModel, {
    name: 'contacts',
    description: 'Newest first. `search`: words in a name, an address or `externalId`.',
  })
  async list(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Args('organizationId', { type: () => ID }) organizationId: string,
    @Args('search', { type: () => String, nullable: true }) search: string | null,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50 }) first: number | null,
    @Args('after', { type: () => String, nullable: true }) after: string | null,
  ): Promise<ContactConnectionModel> {
    const { edges, pageInfo } = await readList(context, () =>
      this.contacts.list(actor, Scope.READ, organizationId, search, { first, after }),
    );
    return { edges: edges.map(({ cursor, node }) => ({ cursor, node: presentContact(node) })), pageInfo };
  }

  @ResolveField('identities', () => [ContactIdentityModel])
  async identitiesOf(@Parent() { id, organizationId }: ContactModel, @Context() context: GraphqlContext): Promise<DraftIdentity[]> {
    await this.access.require(context.actor as Actor, Scope.READ, organizationId);
    return loaderOf<string, DraftIdentity[]>(context, IDENTITIES, (ids) => this.contacts.identitiesOf(ids), []).load(id);
  }

  @ResolveField('activities', () => ActivityConnectionModel, { description: 'Every channel, newest first: the thread.' })
  async activitiesOf(
    @Parent() { id, organizationId }: ContactModel,
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @OptionalInput('filter', ActivityFilterInput) filter: ActivityFilterInput | null,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50 }) first: number | null,
    @Args('after', { type: () => String, nullable: true }) after: string | null,
  ): Promise<ActivityConnectionModel> {
    const named = filter?.contactId;
    if (named != null && named !== id && (await contactById(context, this.contacts, named))?.id !== id)
      throw badInput('contactId', 'filter.contactId must be left out, or be the id of the contact whose activities are asked for.');
    const { edges, ...page } = await readList(context, () =>
      this.activities.list(actor, organizationId, { ...filter, contactId: id }, { first, after }),
    );
    return { ...page, edges: edges.map(({ cursor, node }) => ({ cursor, node: this.presentation.activity(node) })) };
  }

  @Mutation(() => ContactModel, {
    name: 'updateContact',
    description: "Needs SEND. What is left out stays; null takes it away. A name given here goes before the profile's.",
  })
  async update(
    @CurrentActor() actor: Actor,
    @Info() info: GraphQLResolveInfo,
    @Args('id', { type: () => ID }) id: string,
    @Args('name', { type: () => String, nullable: true }) name?: string | null,
    @Args('externalId', { type: () => String, nullable: true }) externalId?: string | null,
  ): Promise<ContactModel> {
    await this.requireToAnswer(actor, info, id);
    return presentContact(await this.changes.update(actor, id, { name, externalId }));
  }

  @Mutation(() => ContactModel, { name: 'mergeContacts', description: 'Needs SEND. `merge` becomes `keep`, with all of its activities.' })
  async merge(
    @CurrentActor() actor: Actor,
    @Info() info: GraphQLResolveInfo,
    @Args('keep', { type: () => ID }) keep: string,
    @Args('merge', { type: () => ID }) merge: string,
  ): Promise<ContactModel> {
    await this.requireToAnswer(actor, info, keep);
    return presentContact(await this.changes.merge(actor, keep, merge));
  }

  @Mutation(() => Boolean, {
    name: 'eraseContact',
    description: "Needs SEND. Removes the contact's content and media everywhere, leaving the feed's numbering whole.",
  })
  async erase(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<boolean> {
    await this.erasure.erase(actor, id);
    return true;
  }

  @Mutation(() => Boolean, {
    description:
      'Needs SEND. Says whether an address may no longer be written to on a channel; the newest word counts. Answers what holds now: `optedOut`.',
  })
  async setOptOut(
    @CurrentActor() actor: Actor,
    @Args('organizationId', { type: () => ID }) organizationId: string,
    @Args('channel', { type: () => Channel }) channel: Channel,
    @Args('address') address: string,
    @Args('optedOut') optedOut: boolean,
  ): Promise<boolean> {
    await this.changes.setOptOut(actor, organizationId, channel, address, optedOut);
    return optedOut;
  }

  /** Before anything is changed: who is told FORBIDDEN may believe that nothing was. */
  private async requireToAnswer(actor: Actor, info: GraphQLResolveInfo, id: string): Promise<void> {
    if (asksFor(info, TO_READ)) await this.contacts.one(actor, Scope.READ, id);
  }
}

@Resolver(() => ActivityModel)
export class ActivityContactResolver {
  constructor(private readonly contacts: ContactsService) {}

  @ResolveField('contact', () => ContactModel, { nullable: true })
  async contactOf(@Parent() { row }: ActivityModel, @Context() context: GraphqlContext): Promise<ContactModel | null> {
    // Who may only send does not read by what a send returns.
    if (row.contactId === null || !holds(context.actor as Actor, Scope.READ)) return null;
    const contact = await contactById(context, this.contacts, row.contactId);
    return contact && presentContact(contact);
  }
}
