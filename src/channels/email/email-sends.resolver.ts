import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { type Actor } from '../../core/access/actor.js';
import { CurrentActor } from '../../core/access/current-actor.decorator.js';
import { ActivityModel } from '../../core/activities/activity.model.js';
import { PresentationService } from '../../core/activities/presentation.service.js';
import { Channel } from '../../core/adapters/channel.js';
import { SendsService } from '../../core/sends/sends.service.js';
import { type GraphqlContext } from '../../platform/graphql/graphql-context.js';
import { SendEmailInput } from './send-email.input.js';

@Resolver(() => ActivityModel)
export class EmailSendsResolver {
  constructor(
    private readonly sends: SendsService,
    private readonly presentation: PresentationService,
  ) {}

  @Mutation(() => [ActivityModel], {
    name: 'sendEmail',
    description: 'Needs SEND, or DRAFT to propose it. One activity per recipient in `to`, joined by `groupId`.',
  })
  async send(
    @CurrentActor() actor: Actor,
    @Context() { language }: GraphqlContext,
    @Args('input', { type: () => SendEmailInput }) input: SendEmailInput,
  ): Promise<ActivityModel[]> {
    const { text, html, cc, bcc, replyTo, ...rest } = input;
    const request = { ...rest, channel: Channel.EMAIL, input, body: text, mail: { html, cc, bcc, replyTo } };
    const rows = await this.sends.send(actor, request, language);
    return rows.map((row) => this.presentation.activity(row));
  }
}
