import { Field, ID, ObjectType } from '@nestjs/graphql';
import { ErrorCode } from '../../platform/errors/coded-error.js';

@ObjectType('Sendability', { description: 'Whether a send would be accepted now, before anyone writes it.' })
export class SendabilityModel {
  @Field()
  allowed!: boolean;

  @Field(() => ErrorCode, { nullable: true })
  code!: ErrorCode | null;

  @Field(() => String, { nullable: true, description: 'In the language of Accept-Language (en, es).' })
  reason!: string | null;

  @Field(() => Date, {
    nullable: true,
    description: 'Of WhatsApp: until then a free text may be sent; null where the person never wrote to this sender.',
  })
  windowClosesAt!: Date | null;

  @Field(() => Date, { nullable: true })
  optedOutAt!: Date | null;
}

@ObjectType('Template', { description: 'A WhatsApp template as its provider has it.' })
export class TemplateModel {
  @Field(() => ID)
  id!: string;

  @Field()
  name!: string;

  @Field()
  language!: string;

  @Field()
  body!: string;

  @Field(() => [String])
  variables!: readonly string[];

  @Field()
  approved!: boolean;
}
