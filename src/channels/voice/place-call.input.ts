import { Field, InputType } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { SendInput } from '../../core/sends/send.input.js';

@InputType('PlaceCallInput', { description: 'Rings `agent` first when given, then connects `to`; else calls `to` and says `say`.' })
export class PlaceCallInput extends SendInput {
  @Field()
  @IsOptional()
  to!: string;

  @Field(() => String, { nullable: true })
  @IsOptional()
  agent?: string | null;

  @Field(() => String, { nullable: true, description: 'Not said where an agent is given.' })
  @IsOptional()
  say?: string | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false })
  @IsOptional()
  record?: boolean | null;
}
