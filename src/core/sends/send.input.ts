import { Field, ID, InputType } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { type JsonObject } from '../adapters/activity-draft.js';
import { CursorScalar } from '../feed/cursor.scalar.js';
import { AsGiven } from '../../platform/graphql/as-given.decorator.js';
import { JsonScalar } from '../../platform/graphql/json.scalar.js';

/** What every mutation that sends is given. */
@InputType({ isAbstract: true })
export abstract class SendInput {
  @Field(() => ID)
  @IsOptional()
  organizationId!: string;

  @Field(() => String, { nullable: true })
  @IsOptional()
  from?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  idempotencyKey?: string | null;

  @Field(() => JsonScalar, { nullable: true })
  @IsOptional()
  @AsGiven()
  metadata?: JsonObject | null;
}

/** What is written, rather than said by telephone: it may bring files, wait, and stand on what its writer has seen. */
@InputType({ isAbstract: true })
export abstract class WrittenInput extends SendInput {
  @Field(() => [ID], { nullable: true })
  @IsOptional()
  mediaIds?: string[] | null;

  @Field(() => Date, { nullable: true })
  @IsOptional()
  sendAt?: Date | null;

  @Field(() => CursorScalar, { nullable: true })
  @IsOptional()
  ifLatest?: string | null;
}

/** A message to one person's number or id. */
@InputType({ isAbstract: true })
export abstract class MessageInput extends WrittenInput {
  @Field()
  @IsOptional()
  to!: string;

  @Field(() => [String], { nullable: true, description: 'Public HTTPS links; or files uploaded to `POST /media`.' })
  @IsOptional()
  mediaUrls?: string[] | null;
}
