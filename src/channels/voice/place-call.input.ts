import { Field, ID, InputType } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { type JsonObject } from '../../core/adapters/activity-draft.js';
import { JsonScalar } from '../../platform/graphql/json.scalar.js';

@InputType('PlaceCallInput', { description: 'Rings `agent` first when given, then connects `to`; else calls `to` and says `say`.' })
export class PlaceCallInput {
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
  agent?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  say?: string | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false })
  @IsOptional()
  record?: boolean | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  idempotencyKey?: string | null;

  @Field(() => JsonScalar, { nullable: true })
  @IsOptional()
  metadata?: JsonObject | null;
}
