import { Args, Context, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type GraphqlContext } from '../../platform/graphql/graphql-context.js';
import { loaderOf } from '../../platform/graphql/loader.js';
import { OptionalInput } from '../../platform/graphql/optional-input.decorator.js';
import { type Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import { Channel, Provider } from '../adapters/channel.js';
import { OrganizationConnectionModel, OrganizationModel, SenderModel, ViewerModel, VoiceAnswerInput } from './organization.model.js';
import { OrganizationsService } from './organizations.service.js';
import { SendersService } from './senders.service.js';

const SENDERS = Symbol('senders');

@Resolver(() => OrganizationModel)
export class OrganizationsResolver {
  constructor(
    private readonly organizations: OrganizationsService,
    private readonly senders: SendersService,
  ) {}

  @Query(() => ViewerModel, { description: 'Who you are here.' })
  async viewer(@CurrentActor() actor: Actor): Promise<ViewerModel> {
    return { organizations: await this.organizations.ofActor(actor), scopes: [...actor.scopes] };
  }

  @Query(() => OrganizationConnectionModel, {
    name: 'organizations',
    description: 'Needs ADMIN. By id; with `search`, those whose id or name contains that text.',
  })
  list(
    @CurrentActor() actor: Actor,
    @Args('search', { type: () => String, nullable: true }) search: string | null,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50 }) first: number | null,
    @Args('after', { type: () => String, nullable: true }) after: string | null,
  ): Promise<OrganizationConnectionModel> {
    return this.organizations.list(actor, search, { first, after });
  }

  @Mutation(() => OrganizationModel, { name: 'createOrganization', description: 'Needs ADMIN. Without `id` one is made.' })
  create(
    @CurrentActor() actor: Actor,
    @Args('name') name: string,
    @Args('id', { type: () => ID, nullable: true }) id: string | null,
  ): Promise<OrganizationModel> {
    return this.organizations.create(actor, { name, id });
  }

  @Mutation(() => SenderModel, { description: 'Needs ADMIN. Also replays the deliveries that were waiting for this address.' })
  createSender(
    @CurrentActor() actor: Actor,
    @Args('organizationId', { type: () => ID }) organizationId: string,
    @Args('channel', { type: () => Channel }) channel: Channel,
    @Args('address') address: string,
    @Args('provider', { type: () => Provider, nullable: true }) provider: Provider | null,
    @Args('label', { type: () => String, nullable: true }) label: string | null,
  ): Promise<SenderModel> {
    return this.senders.create(actor, { organizationId, channel, address, provider, label }) as unknown as Promise<SenderModel>;
  }

  @Mutation(() => SenderModel, {
    name: 'updateSender',
    description: `Needs ADMIN. What is left out stays; null takes it away. Of a \`voice\` the whole is given: with \`forwardTo\` that number is rung, and
where nobody takes the call \`voicemail\` decides.`,
  })
  update(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('label', { type: () => String, nullable: true }) label: string | null | undefined,
    @OptionalInput('voice', VoiceAnswerInput) voice: VoiceAnswerInput | null | undefined,
  ): Promise<SenderModel> {
    return this.senders.update(actor, id, { label, voice }) as unknown as Promise<SenderModel>;
  }

  @ResolveField('senders', () => [SenderModel])
  sendersOf(@Parent() organization: OrganizationModel, @Context() context: GraphqlContext): Promise<SenderModel[]> {
    return loaderOf<string, SenderModel[]>(
      context,
      SENDERS,
      (ids) => this.senders.ofOrganizations(ids) as unknown as Promise<ReadonlyMap<string, SenderModel[]>>,
      [],
    ).load(organization.id);
  }
}
