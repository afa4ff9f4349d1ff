import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { type Actor } from '../../core/access/actor.js';
import { CurrentActor } from '../../core/access/current-actor.decorator.js';
import { ActivityModel } from '../../core/activities/activity.model.js';
import { PresentationService } from '../../core/activities/presentation.service.js';
import { Channel } from '../../core/adapters/channel.js';
import { SendsService } from '../../core/sends/sends.service.js';
import { type GraphqlContext } from '../../platform/graphql/graphql-context.js';
import { PlaceCallInput } from './place-call.input.js';

@Resolver(() => ActivityModel)
export class CallsResolver {
  constructor(
    private readonly sends: SendsService,
    private readonly presentation: PresentationService,
  ) {}

  @Mutation(() => ActivityModel, { name: 'placeCall', description: 'Needs SEND, or DRAFT to propose it.' })
  async send(
    @CurrentActor() actor: Actor,
    @Context() { language }: GraphqlContext,
    @Args('input', { type: () => PlaceCallInput }) input: PlaceCallInput,
  ): Promise<ActivityModel> {
    const { to, agent = null, say = null, ...rest } = input;
    // The schema has put false where it was left out; null is the same.
    const record = input.record ?? false;
    const call = { agent, say, record };
    const [row] = await this.sends.send(
      actor,
      { ...rest, channel: Channel.VOICE, input: { ...input, record }, to: [to], body: say, call },
      language,
    );
    return this.presentation.activity(row!);
  }
}
