import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { type Actor } from '../../core/access/actor.js';
import { CurrentActor } from '../../core/access/current-actor.decorator.js';
import { ActivityModel } from '../../core/activities/activity.model.js';
import { PresentationService } from '../../core/activities/presentation.service.js';
import { Channel } from '../../core/adapters/channel.js';
import { SendsService } from '../../core/sends/sends.service.js';
import { type GraphqlContext } from '../../platform/graphql/graphql-context.js';
import { SendWhatsAppInput } from './send-whatsapp.input.js';

@Resolver(() => ActivityModel)
export class WhatsAppSendsResolver {
  constructor(
    private readonly sends: SendsService,
    private readonly presentation: PresentationService,
  ) {}

  @Mutation(() => ActivityModel, { name: 'sendWhatsApp', description: 'Needs SEND, or DRAFT to propose it.' })
  async send(
    @CurrentActor() actor: Actor,
    @Context() { language }: GraphqlContext,
    @Args('input', { type: () => SendWhatsAppInput }) input: SendWhatsAppInput,
  ): Promise<ActivityModel> {
    const [row] = await this.sends.send(actor, { ...input, channel: Channel.WHATSAPP, input, to: [input.to] }, language);
    return this.presentation.activity(row!);
  }
}
