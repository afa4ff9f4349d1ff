import { Field, ID, InputType } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { type Json, type JsonObject } from '../../core/adapters/activity-draft.js';
import { CursorScalar } from '../../core/feed/cursor.scalar.js';
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
  variables?: Json;
}

@InputType('SendWhatsAppInput')
export class SendWhatsAppInput {
  @Field(() => ID)
  @IsOptional()
  organizationId!: string;

  @Field(() => String, { nullable: true })
  @IsOptional()
  from?: string | null;

  @Field()
  @IsOptional()
  to!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "Free text: only within 24 hours of the contact's last message to this sender; else the error WHATSAPP_WINDOW_CLOSED. Or a template.",
  })
  @IsOptional()
  body?: string | null;

  @Field(() => [String], { nullable: true, description: 'Public HTTPS links; or files uploaded to `POST /media`.' })
  @IsOptional()
  mediaUrls?: string[] | null;

  @Field(() => [ID], { nullable: true })
  @IsOptional()
  mediaIds?: string[] | null;

  @Field(() => WhatsAppTemplateInput, { nullable: true })
  @IsOptional()
  template?: WhatsAppTemplateInput | null;

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
