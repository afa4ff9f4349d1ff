import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type GivenJson, JsonScalar } from '../../platform/graphql/json.scalar.js';
import { type Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import { Provider } from '../adapters/channel.js';
import { ProviderAccountModel } from './provider-account.model.js';
import { ProviderAccountsService } from './provider-accounts.service.js';

@Resolver(() => ProviderAccountModel)
export class ProviderAccountsResolver {
  constructor(private readonly accounts: ProviderAccountsService) {}

  @Query(() => [ProviderAccountModel], { name: 'providerAccounts', description: 'Needs ADMIN.' })
  list(@CurrentActor() actor: Actor, @Args('organizationId', { type: () => ID }) organizationId: string): Promise<ProviderAccountModel[]> {
    return this.accounts.list(actor, organizationId) as Promise<ProviderAccountModel[]>;
  }

  @Mutation(() => ProviderAccountModel, {
    name: 'createProviderAccount',
    description: `Needs ADMIN. \`secrets\` are encrypted, and never returned: of TWILIO { authToken, authTokenSecondary }, of META
{ appSecret, accessToken, verifyToken }, of SENDGRID { webhookKey, apiKey }; the first of each is required.`,
  })
  create(
    @CurrentActor() actor: Actor,
    @Args('organizationId', { type: () => ID }) organizationId: string,
    @Args('provider', { type: () => Provider }) provider: Provider,
    @Args('accountId') accountId: string,
    @Args('secrets', { type: () => JsonScalar }) secrets: GivenJson,
    @Args('label', { type: () => String, nullable: true }) label: string | null,
  ): Promise<ProviderAccountModel> {
    return this.accounts.create(actor, {
      organizationId,
      provider,
      accountId,
      secrets: secrets.value,
      label,
    }) as Promise<ProviderAccountModel>;
  }

  @Mutation(() => Boolean, {
    name: 'removeProviderAccount',
    description: 'Needs ADMIN. Within seconds what it signs is refused; what it brought stays as it is.',
  })
  remove(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<boolean> {
    return this.accounts.remove(actor, id);
  }
}
