import { Field, ID, InputType } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { WrittenInput } from '../../core/sends/send.input.js';

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
export class SendEmailInput extends WrittenInput {
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

  @Field(() => ID, { nullable: true })
  @IsOptional()
  replyToId?: string | null;
}
