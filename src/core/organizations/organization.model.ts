import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { PageInfoModel } from '../../platform/graphql/page-info.model.js';
import { Scope } from '../access/scope.js';
import { Channel, Direction, Provider } from '../adapters/channel.js';

registerEnumType(Channel, { name: 'Channel', description: 'The medium.' });
registerEnumType(Provider, { name: 'Provider', description: 'Who carries it.' });
registerEnumType(Direction, { name: 'Direction' });

@ObjectType('VoiceAnswer', { description: 'What an inbound call hears. Without one: a short greeting and voicemail.' })
export class VoiceAnswerModel {
  @Field(() => String, { nullable: true })
  greeting!: string | null;

  @Field(() => String, { nullable: true, description: 'Rung first; where nobody takes the call, `voicemail` decides.' })
  forwardTo!: string | null;

  @Field()
  voicemail!: boolean;

  @Field({ description: 'Whether a forwarded call is recorded.' })
  record!: boolean;
}

@InputType('VoiceAnswerInput')
export class VoiceAnswerInput {
  @Field(() => String, { nullable: true })
  @IsOptional()
  greeting?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  forwardTo?: string | null;

  @Field(() => Boolean, { nullable: true, defaultValue: true })
  @IsOptional()
  voicemail?: boolean | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false })
  @IsOptional()
  record?: boolean | null;
}

@ObjectType('Sender', {
  description: 'An address an organization owns on a channel: inbound traffic is routed by it, outbound leaves from it.',
})
export class SenderModel {
  @Field(() => ID)
  id!: string;

  @Field(() => Channel)
  channel!: Channel;

  @Field()
  address!: string;

  @Field(() => Provider)
  provider!: Provider;

  @Field(() => String, { nullable: true })
  label!: string | null;

  @Field(() => VoiceAnswerModel, { nullable: true })
  voice!: VoiceAnswerModel | null;

  @Field(() => Date, {
    nullable: true,
    description: "Up to when the provider's own list has been compared with ours, and what was missing.",
  })
  reconciledUntil!: Date | null;

  @Field(() => Int)
  recoveredCount!: number;
}

@ObjectType('Organization', { description: 'The tenant.' })
export class OrganizationModel {
  @Field(() => ID)
  id!: string;

  @Field()
  name!: string;
}

@ObjectType('OrganizationEdge')
export class OrganizationEdgeModel {
  @Field()
  cursor!: string;

  @Field(() => OrganizationModel)
  node!: OrganizationModel;
}

@ObjectType('OrganizationConnection')
export class OrganizationConnectionModel {
  @Field(() => [OrganizationEdgeModel])
  edges!: OrganizationEdgeModel[];

  @Field(() => PageInfoModel)
  pageInfo!: PageInfoModel;
}

@ObjectType('Viewer', { description: 'Whoever holds this credential.' })
export class ViewerModel {
  @Field(() => [OrganizationModel], { description: 'Of an administrator, who sees them all, the oldest 1,000.' })
  organizations!: OrganizationModel[];

  @Field(() => [Scope])
  scopes!: Scope[];
}
