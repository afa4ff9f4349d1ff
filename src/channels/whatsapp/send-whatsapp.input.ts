import { Field, ID, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsOptional } from 'class-validator';
import { MessageInput } from '../../core/sends/send.input.js';
import { type Json } from '../../core/adapters/activity-draft.js';
import { AsGiven } from '../../platform/graphql/as-given.decorator.js';
import { JsonScalar } from '../../platform/graphql/json.scalar.js';

@InputType('WhatsAppTemplateInput', {
  description: "Twilio: `id` is the content SID. Meta: `id` is the template's name, with its language.",
})
export class WhatsAppTemplateInput {
  @Field()
  @IsOptional()
  id!: string;

  @Field(() => String, { nullable: true })
  @IsOptional()
  language?: string | null;

  @Field(() => JsonScalar, { nullable: true, description: 'What fills its places, by name: `{ "1": "Ana" }`; or a list.' })
  @IsOptional()
  @AsGiven()
  variables?: Json;
}

@InputType('SendWhatsAppInput')
export class SendWhatsAppInput extends MessageInput {
  @Field(() => String, {
    nullable: true,
    description:
      "Free text: only within 24 hours of the contact's last message to this sender; else the error WHATSAPP_WINDOW_CLOSED. Or a template.",
  })
  @IsOptional()
  body?: string | null;

  @Field(() => WhatsAppTemplateInput, { nullable: true })
  @IsOptional()
  @Type(() => WhatsAppTemplateInput)
  template?: WhatsAppTemplateInput | null;

  @Field(() => ID, { nullable: true })
  @IsOptional()
  replyToId?: string | null;
}
