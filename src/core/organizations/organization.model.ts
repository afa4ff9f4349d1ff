import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { PageInfoModel } from '../../platform/graphql/page-info.model.js';
import { Scope } from '../access/scope.js';
import { Channel, Direction, Provider } from '../adapters/channel.js';

registerEnumType(Channel, { name: 'Channel', description: 'The medium.' });
registerEnumType(Provider, { name: 'Provider', description: 'Who carries it.' });
registerEnumType(Direction, { name: 'Direction' });

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
