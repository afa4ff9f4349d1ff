import { Field, ID, InputType } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { type JsonObject } from '../../core/adapters/activity-draft.js';
import { CursorScalar } from '../../core/feed/cursor.scalar.js';
import { JsonScalar } from '../../platform/graphql/json.scalar.js';

@InputType('EmailAttachmentInput')
export class EmailAttachmentInput {
  @Field()
  @IsOptional()
  fileName!: string;

  @Field()
  @IsOptional()
  contentType!: string;

  @Field()
  @IsOptional()
  base64!: string;
}

@InputType('SendEmailInput')
export class SendEmailInput {
  @Field(() => ID)
  @IsOptional()
  organizationId!: string;

  @Field(() => String, { nullable: true })
  @IsOptional()
  from?: string | null;

  @Field(() => [String], { description: 'Each gets a mail of its own.' })
  @IsOptional()
  to!: string[];

  @Field(() => [String], { nullable: true })
  @IsOptional()
  cc?: string[] | null;

  @Field(() => [String], { nullable: true })
  @IsOptional()
  bcc?: string[] | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  replyTo?: string | null;

  @Field()
  @IsOptional()
  subject!: string;

  @Field(() => String, { nullable: true })
  @IsOptional()
  text?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  html?: string | null;

  @Field(() => [EmailAttachmentInput], { nullable: true })
  @IsOptional()
  attachments?: EmailAttachmentInput[] | null;

  @Field(() => [ID], { nullable: true })
  @IsOptional()
  mediaIds?: string[] | null;

  @Field(() => ID, { nullable: true })
  @IsOptional()
  replyToId?: string | null;

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
