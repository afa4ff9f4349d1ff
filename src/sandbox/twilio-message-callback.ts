import { bareAddress, isWhatsApp, type TwilioMessage } from './twilio-messages.js';
import { LATE_FAILURES } from './twilio-errors.js';

/** What a status callback of a message says. Source: Twilio docs, Outbound message status in status callbacks. */
export function messageCallback(message: TwilioMessage): Record<string, string> {
  const { sid, status, to, from, accountSid, messagingServiceSid, errorCode } = message;
  return {
    ...(isWhatsApp(to) && onWhatsApp(message)),
    SmsSid: sid,
    SmsStatus: status,
    MessageStatus: status,
    To: to,
    MessageSid: sid,
    AccountSid: accountSid,
    ...(from !== null && { From: from }),
    ...(messagingServiceSid !== null && { MessagingServiceSid: messagingServiceSid }),
    ApiVersion: '2010-04-01',
    ...(errorCode !== null && { ErrorCode: String(errorCode) }),
    ...(!isWhatsApp(to) && ['delivered', 'undelivered'].includes(status) && { RawDlrDate: rawDate(message.updatedAt) }),
  };
}

function onWhatsApp({ to, status, errorCode }: TwilioMessage): Record<string, string> {
  return {
    ChannelPrefix: 'whatsapp',
    ChannelInstallSid: `XE${'0'.repeat(32)}`,
    ChannelToAddress: bareAddress(to),
    StructuredMessage: 'false',
    ...(status === 'read' && { EventType: 'READ' }),
    ...(errorCode !== null && { ChannelStatusMessage: LATE_FAILURES[errorCode]?.message ?? '' }),
  };
}

/** `YYMMDDhhmm`. */
const rawDate = (time: Date): string => time.toISOString().replace(/[-T:]/g, '').slice(2, 12);
