import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { CodedError, ErrorCode } from '../../platform/errors/coded-error.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { type GraphqlContext } from '../../platform/graphql/graphql-context.js';
import { loaderOf } from '../../platform/graphql/loader.js';
import { Log } from '../../platform/logging/log.service.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { AccessService } from '../access/access.service.js';
import { type Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import { Scope } from '../access/scope.js';
import { ActivityModel } from '../activities/activity.model.js';
import { PresentationService } from '../activities/presentation.service.js';
import { Channel } from '../adapters/channel.js';
import { Origin } from '../adapters/origin.js';
import { readSentBy, type SentBy } from './read-item.sql.js';
import { SendChangesService } from './send-changes.service.js';
import { SendabilityService } from './sendability.service.js';
import { SendingAddressesService } from './sending-addresses.service.js';
import { SendabilityModel, TemplateModel } from './sends.model.js';
import { TemplatesService } from './templates.service.js';

const SENT_BY = Symbol('sentBy');

@Resolver(() => ActivityModel)
export class SendsResolver {
  constructor(
    private readonly database: DatabaseService,
    private readonly access: AccessService,
    private readonly changes: SendChangesService,
    private readonly sendability: SendabilityService,
    private readonly addresses: SendingAddressesService,
    private readonly templates: TemplatesService,
    private readonly presentation: PresentationService,
    private readonly log: Log,
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
  async list(
    @CurrentActor() actor: Actor,
    @Context() { language }: GraphqlContext,
    @Args('organizationId', { type: () => ID }) organizationId: string,
    @Args('from', { type: () => String, nullable: true }) from: string | null,
  ): Promise<readonly TemplateModel[]> {
    await this.access.require(actor, Scope.READ, organizationId);
    const { provider, accountId } = await this.addresses.find(organizationId, Channel.WHATSAPP, from ?? null, language);
    try {
      return await this.templates.list(provider, accountId);
    } catch (error) {
      this.log.warn('send.templates_not_read', { provider, reason: reasonOf(error) });
      throw new CodedError(
        ErrorCode.PROVIDER_NOT_CONFIGURED,
        'The provider did not give its templates. Try again; `npx centralita doctor` says what may be missing.',
      );
    }
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

  @ResolveField('groupId', () => ID, { nullable: true, description: 'Joins the activities of one send to several recipients.' })
  async groupIdOf(@Parent() activity: ActivityModel, @Context() context: GraphqlContext): Promise<string | null> {
    const sent = await this.sentByOf(activity, context);
    return sent && sent.recipients > 1 ? sent.sendId : null;
  }

  @ResolveField('sentBy', () => String, { nullable: true, description: 'The label of the key, or the subject of the token, that sent it.' })
  async sentByOfActivity(@Parent() activity: ActivityModel, @Context() context: GraphqlContext): Promise<string | null> {
    return (await this.sentByOf(activity, context))?.sentBy ?? null;
  }

  @ResolveField('approvedBy', () => String, { nullable: true, description: 'Who approved the draft.' })
  async approvedByOf(@Parent() activity: ActivityModel, @Context() context: GraphqlContext): Promise<string | null> {
    return (await this.sentByOf(activity, context))?.approvedBy ?? null;
  }

  @ResolveField('idempotencyKey', () => String, {
    nullable: true,
    description: "Of our own sends: finds the optimistic row, also when the live item beats the mutation's answer.",
  })
  async idempotencyKeyOf(@Parent() activity: ActivityModel, @Context() context: GraphqlContext): Promise<string | null> {
    return (await this.sentByOf(activity, context))?.idempotencyKey ?? null;
  }

  private async sentByOf({ row }: ActivityModel, context: GraphqlContext): Promise<SentBy | null> {
    if (row.origin !== Origin.API) return null;
    const read = async (ids: readonly string[]): Promise<ReadonlyMap<string, SentBy>> => {
      const found = await this.database.prisma.$queryRaw<SentBy[]>(readSentBy(ids));
      return new Map(found.map((one) => [one.activityId, one]));
    };
    return loaderOf<string, SentBy | null>(context, SENT_BY, read, null).load(row.id);
  }
}
