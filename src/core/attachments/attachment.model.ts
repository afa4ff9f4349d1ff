import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { AttachmentState } from './attachment-state.js';

registerEnumType(AttachmentState, { name: 'AttachmentState' });

@ObjectType('Attachment')
export class AttachmentModel {
  @Field(() => ID)
  id!: string;

  @Field(() => AttachmentState)
  state!: AttachmentState;

  @Field(() => String, { nullable: true })
  error!: string | null;

  @Field()
  contentType!: string;

  @Field(() => String, { nullable: true })
  fileName!: string | null;

  @Field(() => Int, { nullable: true })
  sizeBytes!: number | null;

  @Field(() => Int, { nullable: true, description: 'Of audio and video, where the provider tells it.' })
  durationSeconds!: number | null;

  @Field({ description: "Shown inside the email's HTML." })
  inline!: boolean;

  @Field(() => String, { nullable: true, description: "Of one that is inline: the email's HTML shows it as `cid:` and this." })
  contentId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A short-lived signed link to this server, once READY; ask `attachment(id)` for a fresh one.',
  })
  url!: string | null;

  @Field(() => Date, { nullable: true })
  urlExpiresAt!: Date | null;
}
