import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { CursorScalar } from '../feed/cursor.scalar.js';
import { ActivityEventModel, ActivityModel } from './activity.model.js';

export const FeedKind = {
  CREATED: 'CREATED',
  UPDATED: 'UPDATED',
  ERASED: 'ERASED',
  CHECKPOINT: 'CHECKPOINT',
  READ: 'READ',
  CONTACT: 'CONTACT',
} as const;
export type FeedKind = (typeof FeedKind)[keyof typeof FeedKind];
registerEnumType(FeedKind, {
  name: 'FeedKind',
  description: `CREATED: an activity was first recorded. UPDATED: something happened to one that existed. ERASED: one per erased activity; \`activity\` is its shell: drop yours.
CHECKPOINT: nothing for your filter, but the feed stands here: keep this cursor (at the end of a catch-up, and at least every 30 seconds).
READ: someone marked the conversation read. CONTACT: renamed, linked or merged. These two only with \`conversations: true\`.`,
});

@ObjectType('FeedItem')
export class FeedItemModel {
  @Field(() => CursorScalar)
  cursor!: string;

  @Field(() => FeedKind)
  kind!: FeedKind;

  @Field(() => ID)
  organizationId!: string;

  @Field(() => ActivityModel, {
    nullable: true,
    description: 'Of CREATED, UPDATED and ERASED: as it stands when sent, never older than this item.',
  })
  activity!: ActivityModel | null;

  @Field(() => ActivityEventModel, { nullable: true, description: 'Of UPDATED: what happened.' })
  event!: ActivityEventModel | null;

  @Field(() => ID, { nullable: true, description: 'Of ERASED, READ and CONTACT.' })
  contactId!: string | null;

  @Field(() => ID, { nullable: true })
  mergedIntoId!: string | null;
}

@ObjectType('FeedPage')
export class FeedPageModel {
  @Field(() => [FeedItemModel])
  items!: FeedItemModel[];

  @Field(() => CursorScalar)
  cursor!: string;

  @Field()
  hasMore!: boolean;
}

@ObjectType('ActivityUpdate')
export class ActivityUpdateModel {
  @Field(() => ActivityModel)
  activity!: ActivityModel;

  @Field(() => ActivityEventModel)
  event!: ActivityEventModel;

  @Field(() => CursorScalar)
  cursor!: string;
}
