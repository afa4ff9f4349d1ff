import { Field, ID, InputType } from '@nestjs/graphql';
import { IsOptional, MaxLength } from 'class-validator';
import { ActivityStatus } from '../adapters/activity-status.js';
import { Channel, Direction } from '../adapters/channel.js';

@InputType('ActivityFilter')
export class ActivityFilterInput {
  @Field(() => [Channel], { nullable: true })
  @IsOptional()
  channels?: Channel[] | null;

  @Field(() => [Direction], { nullable: true })
  @IsOptional()
  directions?: Direction[] | null;

  @Field(() => [ActivityStatus], { nullable: true, description: 'Where it stands now.' })
  @IsOptional()
  statuses?: ActivityStatus[] | null;

  @Field(() => [ActivityStatus], { nullable: true, description: 'What it has been, whatever came after.' })
  @IsOptional()
  reached?: ActivityStatus[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Exact address on either side: a number or an email address as people write it, in any spelling of the same (a mobile of Mexico, with or without the 1).',
  })
  @IsOptional()
  @MaxLength(320, { message: 'participant must have at most 320 characters' })
  participant?: string | null;

  @Field(() => ID, { nullable: true })
  @IsOptional()
  contactId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Words in the subject, the body or an address. Each must be there, in any case; up to 10.',
  })
  @IsOptional()
  search?: string | null;

  @Field(() => Date, { nullable: true })
  @IsOptional()
  occurredFrom?: Date | null;

  @Field(() => Date, { nullable: true })
  @IsOptional()
  occurredBefore?: Date | null;
}
