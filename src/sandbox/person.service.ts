import { CallLife } from './call-life.service.js';
import { type Tale } from './callbacks.service.js';
import { inboundMail } from './inbound-mail.js';
import { inboundMessage } from './inbound-message.js';
import { formBoundary, idempotencyToken, mailMessageId, mediaSid, metaId, sid, wamid } from './invent.service.js';
import { metaFile } from './meta-files.js';
import { metaMessage } from './meta-message.js';
import { type PersonAct } from './person-act.js';
import { twilioRetries, UNTIL_TAKEN } from './retry-policy.js';
import { sampleOf } from './sample-files.js';
import { type Stage, toOurDoor } from './stage.js';
import { bareAddress, isWhatsApp } from './twilio-messages.js';

/** What a person answers. */
export const REPLY = 'Thanks, got it!';
/** As the guides have it at the end of each address that is pasted at Twilio. */
const PASTED = '#rc=5&rp=all';

/** A message that a person writes. */
export interface WrittenMessage {
  /** With `whatsapp:` where it is one, as are all addresses at Twilio. */
  readonly from: string;
  readonly to: string;
  readonly body: string;
  /** The types of its files. */
  readonly media: readonly string[];
}

/** A person writes by SMS or WhatsApp to a number at Twilio, which lists it and tells. Its sid. */
export function receiveAtTwilio(stage: Stage, tale: Tale, { from, to, body, media }: WrittenMessage, accountSid: string): string {
  const { settings, memory } = stage;
  const files = media.map((contentType) => ({ contentType, sid: mediaSid(contentType) }));
  const now = new Date();
  const messageSid = sid(files.length ? 'MM' : 'SM');
  memory.messages.put(messageSid, {
    sid: messageSid,
    ...{ accountSid, from, to, body },
    messagingServiceSid: null,
    direction: 'inbound',
    media: files,
    status: 'received',
    errorCode: null,
    createdAt: now,
    updatedAt: now,
    sentAt: now,
  });
  const addresses = { channel: isWhatsApp(from) ? 'WHATSAPP' : 'SMS', from: bareAddress(from), to: bareAddress(to) } as const;
  const signer = { accountSid, authToken: stage.twilioAccounts.get(accountSid) ?? '', publicUrl: settings.publicUrl };
  const life = inboundMessage({ ...addresses, body, media: files, messageSid, idempotencyToken: idempotencyToken() }, signer);
  for (const delivery of life.deliveries) tale.tell(toOurDoor(delivery, 'TWILIO', settings.publicUrl, twilioRetries(PASTED)));
  return messageSid;
}

export interface WrittenToMeta {
  readonly from: string;
  readonly phoneNumberId: string;
  readonly body: string;
  /** The type of its file. */
  readonly media?: string;
}

/** A person writes on WhatsApp to a number at Meta. Its wamid. */
export function receiveAtMeta(stage: Stage, tale: Tale, { media, ...message }: WrittenToMeta): string {
  const { settings, secrets, memory } = stage;
  const id = wamid();
  const file = media === undefined ? undefined : metaFile(metaId(), sampleOf(media));
  if (file) memory.files.put(file.id, file);
  const life = metaMessage({ ...message, file, wamid: id, sentAt: new Date() }, secrets.WHATSAPP_APP_SECRET);
  for (const delivery of life.deliveries) tale.tell(toOurDoor(delivery, 'META', settings.publicUrl, UNTIL_TAKEN));
  return id;
}

/** A mail that a person writes. */
export interface WrittenMail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  readonly inReplyTo?: string;
}

/** A person writes a mail, which SendGrid parses. Its Message-ID. */
export function receiveAtSendGrid(stage: Stage, tale: Tale, mail: WrittenMail): string {
  const { settings, secrets } = stage;
  const messageId = mailMessageId(mail.from.split('@')[1] ?? 'example.com');
  const life = inboundMail(
    { ...mail, messageId, sentAt: new Date(), boundary: formBoundary() },
    { signingKey: secrets.SENDGRID_SIGNING_KEY },
  );
  for (const delivery of life.deliveries) tale.tell(toOurDoor(delivery, 'SENDGRID', settings.publicUrl, UNTIL_TAKEN));
  return messageId;
}

/** What a person does begins: the provider's id for it, and when all of it is told. */
export function begin(stage: Stage, tale: Tale, act: PersonAct): { readonly id: string; readonly told: Promise<void> } {
  const { channel, provider, from, to, body, subject, media, account = stage.secrets.TWILIO_ACCOUNT_SID } = act;
  if (channel === 'VOICE') {
    const given = { accountSid: account, from, to, parentCallSid: null, direction: 'inbound', recorded: null } as const;
    const url = `${stage.settings.publicUrl}/api/webhooks/voip/twilio${PASTED}`;
    const call = CallLife.begin(stage, { ...given, callback: { url, events: ['completed'] } });
    return { id: call.sid, told: new CallLife(stage, tale).arrive(call, url) };
  }
  const told = Promise.resolve();
  if (channel === 'EMAIL') return { id: receiveAtSendGrid(stage, tale, { from, to, subject, body }), told };
  if (provider === 'META') return { id: receiveAtMeta(stage, tale, { from, phoneNumberId: to, body, media: media[0] }), told };
  const prefix = channel === 'WHATSAPP' ? 'whatsapp:' : '';
  return { id: receiveAtTwilio(stage, tale, { from: prefix + from, to: prefix + to, body, media }, account), told };
}
