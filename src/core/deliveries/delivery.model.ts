import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { JsonScalar } from '../../platform/graphql/json.scalar.js';
import { PageInfoModel } from '../../platform/graphql/page-info.model.js';
import { Channel, Provider } from '../adapters/channel.js';
import { DeliveryState } from './delivery-state.js';

registerEnumType(DeliveryState, {
  name: 'DeliveryState',
  description: `PROCESSED: recorded. DUPLICATE: recorded before. PARTIAL: see \`problems\`. UNROUTED: no organization owns the address.
UNMATCHED: about something never seen that it doesn't identify well enough to create. FAILED: not understood. REJECTED: not verified (a bounded, body-less log that says why).`,
});

@ObjectType('DeliveryProblem')
export class DeliveryProblemModel {
  @Field(() => Int)
  index!: number;

  @Field()
  message!: string;
}

@ObjectType('Delivery', { description: 'One request a provider made to us, kept as it came.' })
export class DeliveryModel {
  /** What the fields are resolved from; no fields themselves. A list leaves the bodies out: they are read once they are asked for. */
  body?: Uint8Array;
  activityIds!: string[];

  @Field(() => ID)
  id!: string;

  @Field(() => Channel)
  channel!: Channel;

  @Field(() => Provider)
  provider!: Provider;

  @Field()
  receivedAt!: Date;

  @Field(() => DeliveryState)
  state!: DeliveryState;

  @Field(() => String, { nullable: true })
  error!: string | null;

  @Field(() => [DeliveryProblemModel], {
    description: 'The items of a batch that could not be understood or matched; the others were recorded.',
  })
  problems!: DeliveryProblemModel[];

  @Field(() => JsonScalar)
  headers!: Record<string, string>;
}

@ObjectType('DeliveryEdge')
export class DeliveryEdgeModel {
  @Field()
  cursor!: string;

  @Field(() => DeliveryModel)
  node!: DeliveryModel;
}

@ObjectType('DeliveryConnection')
export class DeliveryConnectionModel {
  @Field(() => [DeliveryEdgeModel])
  edges!: DeliveryEdgeModel[];

  @Field(() => PageInfoModel)
  pageInfo!: PageInfoModel;
}

@InputType('DeliveryFilter')
export class DeliveryFilterInput {
  @Field(() => [DeliveryState], { nullable: true })
  @IsOptional()
  states?: DeliveryState[] | null;

  @Field(() => [Channel], { nullable: true })
  @IsOptional()
  channels?: Channel[] | null;

  @Field(() => [Provider], { nullable: true })
  @IsOptional()
  providers?: Provider[] | null;

  @Field(() => Date, { nullable: true })
  @IsOptional()
  receivedFrom?: Date | null;

  @Field(() => Date, { nullable: true })
  @IsOptional()
  receivedBefore?: Date | null;
}
