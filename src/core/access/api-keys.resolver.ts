import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor } from './actor.js';
import { ApiKeyCreatedModel, ApiKeyModel } from './api-key.model.js';
import { ApiKeysService } from './api-keys.service.js';
import { CurrentActor } from './current-actor.decorator.js';
import { Scope } from './scope.js';

@Resolver(() => ApiKeyModel)
export class ApiKeysResolver {
  constructor(private readonly apiKeys: ApiKeysService) {}

  @Query(() => [ApiKeyModel], { name: 'apiKeys', description: 'Needs ADMIN.' })
  list(@CurrentActor() actor: Actor, @Args('organizationId', { type: () => ID }) organizationId: string): Promise<ApiKeyModel[]> {
    return this.apiKeys.list(actor, organizationId) as Promise<ApiKeyModel[]>;
  }

  @Mutation(() => ApiKeyCreatedModel, { name: 'createApiKey', description: 'Needs ADMIN.' })
  create(
    @CurrentActor() actor: Actor,
    @Args('organizationId', { type: () => ID }) organizationId: string,
    @Args('label') label: string,
    @Args('scopes', { type: () => [Scope], nullable: true, defaultValue: [Scope.READ, Scope.SEND] }) scopes: Scope[] | null,
    @Args('expiresAt', { type: () => Date, nullable: true }) expiresAt: Date | null,
  ): Promise<ApiKeyCreatedModel> {
    return this.apiKeys.create(actor, {
      organizationId,
      label,
      scopes: scopes ?? [Scope.READ, Scope.SEND],
      expiresAt,
    }) as Promise<ApiKeyCreatedModel>;
  }

  @Mutation(() => ApiKeyModel, { name: 'revokeApiKey', description: 'Needs ADMIN. Its sockets close within five seconds.' })
  revoke(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<ApiKeyModel> {
    return this.apiKeys.revoke(actor, id) as Promise<ApiKeyModel>;
  }
}
