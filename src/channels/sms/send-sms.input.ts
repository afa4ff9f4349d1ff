import { Field, ID, InputType } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { type JsonObject } from '../../core/adapters/activity-draft.js';
import { CursorScalar } from '../../core/feed/cursor.scalar.js';
import { JsonScalar } from '../../platform/graphql/json.scalar.js';

@InputType('SendSmsInput', {
  description: `Only an \`idempotencyKey\`'s first use does anything: repeating it with the same input returns the same activity, with another
input the error IDEMPOTENCY_CONFLICT. \`sendAt\` in the future schedules. \`from\` defaults to the organization's first sender on
the channel. \`ifLatest\`: the newest cursor of this contact's conversation that the writer has seen; where the contact or a colleague
has written since, nothing is sent and the error is CONVERSATION_MOVED. A key that may only DRAFT makes a DRAFT.`,
})
export class SendSmsInput {
  @Field(() => ID)
  @IsOptional()
  organizationId!: string;

  @Field(() => String, { nullable: true })
  @IsOptional()
  from?: string | null;

  @Field()
  @IsOptional()
  to!: string;

  @Field(() => String, { nullable: true })
  @IsOptional()
  body?: string | null;

  @Field(() => [String], { nullable: true, description: 'Public HTTPS links; or files uploaded to `POST /media`.' })
  @IsOptional()
  mediaUrls?: string[] | null;

  @Field(() => [ID], { nullable: true })
  @IsOptional()
  mediaIds?: string[] | null;

  @Field(() => Date, { nullable: true })
  @IsOptional()
  sendAt?: Date | null;

  @Field(() => CursorScalar, { nullable: true })
  @IsOptional()
  ifLatest?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  idempotencyKey?: string | null;

  @Field(() => JsonScalar, { nullable: true })
  @IsOptional()
  metadata?: JsonObject | null;
}
