import { type FastifyInstance, type FastifyPluginCallback } from 'fastify';
import { type Callback, type Tale } from './callbacks.service.js';
import { eventId, messageIdEnding, messageIdOfRequest } from './invent.service.js';
import { receiveAtSendGrid, REPLY } from './person.service.js';
import { UNTIL_TAKEN } from './retry-policy.js';
import { type EventOfMail, eventsFor, isDelivered } from './sendgrid-events.js';
import { type Copy, copiesOf, type Mail, readMail } from './sendgrid-mail.js';
import { sendGridSignature } from './sendgrid-signature.js';
import { accept, type Stage } from './stage.js';

const EVENTS = '/api/webhooks/email/sendgrid';
const LARGEST_BYTES = 30 << 20;

/** SendGrid's Mail Send. Source: SendGrid docs, v3 API, Mail Send. */
export const sendGridMail = (stage: Stage): FastifyPluginCallback => {
  return (app: FastifyInstance, _, done) => {
    app.addHook('onRequest', async (request, reply) => {
      if (request.headers.authorization === `Bearer ${stage.secrets.SENDGRID_API_KEY}`) return;
      const message = 'The provided authorization grant is invalid, expired, or revoked';
      return reply.code(401).send({ errors: [{ message, field: null, help: null }] });
    });

    app.post('/v3/mail/send', async (request, reply) => {
      if (Number(request.headers['content-length']) > LARGEST_BYTES)
        return reply.code(413).send({ errors: [{ message: 'The message is larger than 30 MB.', field: null, help: null }] });
      const now = new Date();
      const mail = readMail(request.body, now.getTime() / 1000);
      if ('errors' in mail) return reply.code(mail.status).send({ errors: mail.errors });
      if (mail.mail_settings?.sandbox_mode?.enable) return reply.code(200).send();
      const id = messageIdOfRequest();
      const copies = copiesOf(mail);
      for (const { email, subject } of copies)
        accept(stage, { provider: 'SENDGRID', kind: 'MAIL', id, from: mail.from?.email ?? null, to: email, text: subject }, now);
      request.turn!.playing = stage.callbacks.play((tale) => tell(stage, tale, mail, copies, id));
      return reply.code(202).header('x-message-id', id).send();
    });
    done();
  };
};

interface CopyOnItsWay extends Copy {
  readonly events: readonly EventOfMail[];
  readonly messageId: string;
}

/** What becomes of the copies: the nth events of all come in one batch. */
async function tell(stage: Stage, tale: Tale, mail: Mail, copies: readonly Copy[], id: string): Promise<void> {
  const opens = mail.tracking_settings?.open_tracking?.enable !== false;
  const ways: CopyOnItsWay[] = copies.map((copy, nth) => ({
    ...copy,
    events: eventsFor(copy.email, copy.subject, opens),
    messageId: id + messageIdEnding(nth),
  }));
  for (let nth = 0; ways.some(({ events }) => events[nth]); nth++) {
    await tale.pause();
    const batch = ways.flatMap((way) => way.events.slice(nth, nth + 1).map((event) => eventOf(way, event, mail, id)));
    tale.tell(batchOf(stage, batch));
  }
  if (!stage.settings.replies) return;
  await tale.pause();
  for (const { email, subject, events } of ways) {
    const to = mail.reply_to?.email ?? mail.from?.email;
    if (to === undefined || !isDelivered(events)) continue;
    const inReplyTo = mail.headers?.['Message-ID'] ?? `<${smtpIdOf(id)}>`;
    receiveAtSendGrid(stage, tale, { from: email, to, subject: subject.replace(/^(?:re: )?/i, 'Re: '), body: REPLY, inReplyTo });
  }
}

const smtpIdOf = (id: string) => `${id}@geopod-ismtpd-1`;

function eventOf({ email, customArgs, messageId }: CopyOnItsWay, event: EventOfMail, { categories }: Mail, id: string): object {
  const isEngagement = ['open', 'click', 'spamreport', 'unsubscribe'].includes(event.event);
  return {
    ...customArgs,
    ...(categories?.length && { category: categories }),
    email,
    timestamp: Math.floor(Date.now() / 1000),
    ...(!isEngagement && { 'smtp-id': `<${smtpIdOf(id)}>` }),
    sg_message_id: messageId,
    ...event,
    sg_event_id: eventId(),
  };
}

/** The body ends in a line end, as SendGrid's do. */
function batchOf({ settings, secrets }: Stage, events: readonly object[]): Callback {
  const body = `${JSON.stringify(events)}\r\n`;
  const signature = sendGridSignature(body, new Date(), secrets.SENDGRID_SIGNING_KEY);
  const headers = { 'Content-Type': 'application/json', 'User-Agent': 'SendGrid Event API', ...signature };
  return { provider: 'SENDGRID', tells: 'what became of a mail', url: settings.publicUrl + EVENTS, headers, body, retry: UNTIL_TAKEN };
}
