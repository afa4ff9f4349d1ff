import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { AttachmentState } from './attachment-state.js';

registerEnumType(AttachmentState, { name: 'AttachmentState' });

@ObjectType('Attachment')
export class AttachmentModel {
  @Field(() => ID)
  id!: string;

  @Field(() => AttachmentState)
  state!: AttachmentState;

  @Field()
  contentType!: string;
}
