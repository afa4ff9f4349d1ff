import { Args, Context, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type GraphqlContext } from '../../platform/graphql/graphql-context.js';
import { type Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import { ActivityModel } from '../activities/activity.model.js';
import { PresentationService } from '../activities/presentation.service.js';
import { Channel } from '../adapters/channel.js';
import { SendChangesService } from './send-changes.service.js';
import { SendabilityService } from './sendability.service.js';
import { SendabilityModel, TemplateModel } from './sends.model.js';
import { TemplatesService } from './templates.service.js';

@Resolver(() => ActivityModel)
export class SendsResolver {
  constructor(
    private readonly changes: SendChangesService,
    private readonly sendability: SendabilityService,
    private readonly templates: TemplatesService,
    private readonly presentation: PresentationService,
  ) {}

  @Query(() => SendabilityModel, {
    name: 'sendability',
    description: 'Whether a text to that address would be accepted now, by the rules that a send is judged by.',
  })
  sendabilityOf(
    @CurrentActor() actor: Actor,
    @Context() { language }: GraphqlContext,
    @Args('organizationId', { type: () => ID }) organizationId: string,
    @Args('channel', { type: () => Channel }) channel: Channel,
    @Args('to') to: string,
    @Args('from', { type: () => String, nullable: true }) from: string | null,
  ): Promise<SendabilityModel> {
    return this.sendability.of(actor, organizationId, { channel, to, from: from ?? null }, language);
  }

  @Query(() => [TemplateModel], { name: 'templates', description: 'Those of the WhatsApp sender `from`, or of the first.' })
  list(
    @CurrentActor() actor: Actor,
    @Context() { language }: GraphqlContext,
    @Args('organizationId', { type: () => ID }) organizationId: string,
    @Args('from', { type: () => String, nullable: true }) from: string | null,
  ): Promise<readonly TemplateModel[]> {
    return this.templates.list(actor, organizationId, from ?? null, language);
  }

  @Mutation(() => ActivityModel, {
    name: 'cancelActivity',
    description: 'Needs SEND. A draft, scheduled or queued send that has not left; a call that is under way is hung up.',
  })
  async cancel(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<ActivityModel> {
    return this.presentation.activity(await this.changes.cancel(actor, id));
  }

  @Mutation(() => ActivityModel, { name: 'approveActivity', description: 'Sends a DRAFT, its rules judged again. Needs SEND.' })
  async approve(
    @CurrentActor() actor: Actor,
    @Context() { language }: GraphqlContext,
    @Args('id', { type: () => ID }) id: string,
    @Args('body', { type: () => String, nullable: true }) body: string | null,
  ): Promise<ActivityModel> {
    return this.presentation.activity(await this.changes.approve(actor, id, body ?? null, language));
  }
}
