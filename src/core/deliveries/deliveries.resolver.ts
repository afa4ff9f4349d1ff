import { Args, Context, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type GraphqlContext } from '../../platform/graphql/graphql-context.js';
import { readList } from '../../platform/graphql/lists-at-once.js';
import { loaderOf } from '../../platform/graphql/loader.js';
import { OptionalInput } from '../../platform/graphql/optional-input.decorator.js';
import { type Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import { ActivitiesService } from '../activities/activities.service.js';
import { ActivityModel } from '../activities/activity.model.js';
import { type ActivityRow } from '../activities/activity-row.js';
import { PresentationService } from '../activities/presentation.service.js';
import { DeliveryConnectionModel, DeliveryFilterInput, DeliveryModel } from './delivery.model.js';
import { KeptBodies } from './kept-bodies.service.js';
import { LedgerService } from './ledger.service.js';
import { ReplayService } from './replay.service.js';

const ACTIVITIES = Symbol('activities');
const BODIES = Symbol('bodies');
const NO_BODY = new Uint8Array();

@Resolver(() => DeliveryModel)
export class DeliveriesResolver {
  constructor(
    private readonly ledger: LedgerService,
    private readonly kept: KeptBodies,
    private readonly replays: ReplayService,
    private readonly activities: ActivitiesService,
    private readonly presentation: PresentationService,
  ) {}

  @Query(() => DeliveryConnectionModel, { name: 'deliveries', description: 'Needs ADMIN. Newest first.' })
  list(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @OptionalInput('filter', DeliveryFilterInput) filter: DeliveryFilterInput | null,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50 }) first: number | null,
    @Args('after', { type: () => String, nullable: true }) after: string | null,
  ): Promise<DeliveryConnectionModel> {
    return readList(context, () => this.ledger.list(actor, filter ?? {}, { first, after })) as unknown as Promise<DeliveryConnectionModel>;
  }

  @Mutation(() => DeliveryModel, {
    name: 'replayDelivery',
    description: 'Needs ADMIN. Runs a kept delivery through again; harmless if it was processed.',
  })
  replay(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<DeliveryModel> {
    return this.replays.replay(actor, id) as unknown as Promise<DeliveryModel>;
  }

  @Mutation(() => Int, {
    name: 'replayDeliveries',
    description: `Needs ADMIN. Runs all kept deliveries that the filter names through again, the oldest first, and tells how many; REJECTED ones are not
kept. It answers when it is done: for many, name a stretch of time, or use \`npx centralita replay\`.`,
  })
  replayAll(
    @CurrentActor() actor: Actor,
    @Args('filter', { type: () => DeliveryFilterInput }) filter: DeliveryFilterInput,
  ): Promise<number> {
    return this.replays.replayAllOf(actor, filter);
  }

  @ResolveField(() => String, { nullable: true, description: 'Where the body is text.' })
  async bodyText(@Parent() delivery: DeliveryModel, @Context() context: GraphqlContext): Promise<string | null> {
    const body = await this.bodyOf(delivery, context);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(body);
    } catch {
      return null;
    }
  }

  @ResolveField(() => String)
  async bodyBase64(@Parent() delivery: DeliveryModel, @Context() context: GraphqlContext): Promise<string> {
    return Buffer.from(await this.bodyOf(delivery, context)).toString('base64');
  }

  private async bodyOf({ id, body }: DeliveryModel, context: GraphqlContext): Promise<Uint8Array> {
    return body ?? (await loaderOf<string, Uint8Array>(context, BODIES, (ids) => this.kept.byId(ids), NO_BODY).load(id));
  }

  @ResolveField('activities', () => [ActivityModel])
  async activitiesOf(@Parent() { activityIds }: DeliveryModel, @Context() context: GraphqlContext): Promise<ActivityModel[]> {
    const loader = loaderOf<string, ActivityRow | undefined>(context, ACTIVITIES, (ids) => this.activities.byId(ids), undefined);
    const rows = await Promise.all(activityIds.map((id) => loader.load(id)));
    return rows.flatMap((row) => (row ? [this.presentation.activity(row)] : []));
  }
}
