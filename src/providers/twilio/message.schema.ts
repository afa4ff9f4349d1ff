import { ADDRESS, compileFields, ID, TEXT } from './parameter-schema.js';

/** What we need to read of a message webhook; the rest of its parameters is kept, not judged. */
export interface MessageFields {
  readonly MessageSid: string;
  readonly MessageStatus?: string;
  readonly SmsStatus?: string;
  readonly From?: string;
  readonly To?: string;
  readonly Body?: string;
  readonly MessagingServiceSid?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
  readonly ChannelStatusMessage?: string;
  readonly NumMedia?: string;
  readonly OptOutType?: string;
  readonly ProfileName?: string;
  readonly WaId?: string;
  readonly OriginalRepliedMessageSid?: string;
}

/** Source: Twilio docs, Messaging webhook request; Track outbound message status. */
export const MESSAGE = compileFields<MessageFields>('a message', 'MessageSid', {
  MessageSid: ID,
  MessageStatus: ID,
  SmsStatus: ID,
  From: ADDRESS,
  To: ADDRESS,
  Body: TEXT,
  MessagingServiceSid: ID,
  ErrorCode: ID,
  ErrorMessage: TEXT,
  ChannelStatusMessage: TEXT,
  NumMedia: TEXT,
  OptOutType: ID,
  ProfileName: TEXT,
  WaId: ID,
  OriginalRepliedMessageSid: ID,
});
