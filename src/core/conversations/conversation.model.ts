import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { PageInfoModel } from '../../platform/graphql/page-info.model.js';
import { ActivityModel } from '../activities/activity.model.js';
import { CursorScalar } from '../feed/cursor.scalar.js';
import { ContactModel } from './contact.model.js';

@ObjectType('Conversation', {
  description:
    "One contact's activities, seen as an inbox row. `latest` and `unread` are of the whole conversation, whatever `channels` picked the row; `unread` is the organization's, not a person's.",
})
export class ConversationModel {
  @Field(() => ID, { description: "The contact's id." })
  id!: string;

  @Field(() => ID)
  organizationId!: string;

  @Field(() => ContactModel)
  contact!: ContactModel;

  @Field(() => ActivityModel)
  latest!: ActivityModel;

  @Field(() => Int)
  unread!: number;

  @Field()
  awaitingReply!: boolean;

  @Field(() => CursorScalar, { nullable: true, description: 'What came in up to here is read.' })
  readUpTo!: string | null;
}

@ObjectType('ConversationEdge')
export class ConversationEdgeModel {
  @Field()
  cursor!: string;

  @Field(() => ConversationModel)
  node!: ConversationModel;
}

@ObjectType('ConversationConnection')
export class ConversationConnectionModel {
  @Field(() => [ConversationEdgeModel])
  edges!: ConversationEdgeModel[];

  @Field(() => PageInfoModel)
  pageInfo!: PageInfoModel;

  @Field(() => CursorScalar)
  feedCursor!: string;
}
