import { Field, InputType } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { MessageInput } from '../../core/sends/send.input.js';

@InputType('SendSmsInput', {
  description: `Only an \`idempotencyKey\`'s first use does anything: repeating it with the same input returns the same activity, with another
input the error IDEMPOTENCY_CONFLICT. \`sendAt\` in the future schedules. \`from\` defaults to the organization's first sender on
the channel. \`ifLatest\`: the newest cursor of this contact's conversation that the writer has seen; where the contact or a colleague
has written since, nothing is sent and the error is CONVERSATION_MOVED. A key that may only DRAFT makes a DRAFT.`,
})
export class SendSmsInput extends MessageInput {
  @Field(() => String, { nullable: true })
  @IsOptional()
  body?: string | null;
}
