import { type FastifyInstance, type FastifyPluginCallback } from 'fastify';
import { type Tale } from './callbacks.service.js';
import { formOf, pathOf, queryOf } from './form-parameters.js';
import { type MessageMedia } from './inbound-message.js';
import { idempotencyToken, mediaSid, sid } from './invent.service.js';
import { receiveAtTwilio, REPLY } from './person.service.js';
import { twilioRetries, withoutFragment } from './retry-policy.js';
import { accept, type Stage } from './stage.js';
import { isOurs } from './stand-in-settings.js';
import { notFound, refused } from './twilio-answer.service.js';
import { refuse } from './twilio-errors.js';
import { badTimes, isAsked, isWithin, page } from './twilio-lists.js';
import { messageCallback } from './twilio-message-callback.js';
import { isWhatsApp, type MessageWish, presentMedia, presentMessage, readMessageWish, type TwilioMessage } from './twilio-messages.js';
import { postedByTwilio } from './twilio-request.js';

type OfAccount = { Params: { account: string } };
type OfMessage = { Params: { account: string; sid: string } };

/** The number of a messaging service. */
const NUMBER_OF_SERVICE = '+15005550006';

/** Twilio's messages. Source: Twilio docs, Message resource. */
export const twilioMessages = (stage: Stage): FastifyPluginCallback => {
  const { memory } = stage;
  return (app: FastifyInstance, _, done) => {
    app.post<OfAccount>('/2010-04-01/Accounts/:account/Messages.json', async (request, reply) => {
      const wish = readMessageWish(formOf(request.body));
      if ('code' in wish) return refused(reply, wish);
      const message = take(stage, request.params.account, wish);
      request.turn!.playing = stage.callbacks.play((tale) => tell(stage, tale, message, wish));
      return reply.code(201).send(presentMessage(message));
    });

    app.get<OfAccount>('/2010-04-01/Accounts/:account/Messages.json', async (request, reply) => {
      const query = queryOf(request.url);
      const [bad] = badTimes(query, 'DateSent');
      if (bad) return refused(reply, refuse(20001, `Invalid ${bad}`));
      const youngest = Date.now() - stage.settings.listDelayMs;
      const items = memory.messages.newest.filter(
        (message) =>
          message.accountSid === request.params.account &&
          message.createdAt.getTime() <= youngest &&
          isAsked(query, 'To', message.to) &&
          isAsked(query, 'From', message.from) &&
          isWithin(message.sentAt ?? message.createdAt, query, 'DateSent'),
      );
      const path = `/2010-04-01/Accounts/${request.params.account}/Messages.json`;
      return page({ key: 'messages', path, query, items, present: presentMessage });
    });

    app.get<OfMessage>('/2010-04-01/Accounts/:account/Messages/:sid.json', async (request, reply) => {
      const message = memory.messages.get(request.params.sid);
      if (message?.accountSid === request.params.account) return presentMessage(message);
      return notFound(reply, request.url);
    });
    app.get<OfMessage>('/2010-04-01/Accounts/:account/Messages/:sid/Media.json', async (request, reply) => {
      const message = memory.messages.get(request.params.sid);
      if (message?.accountSid !== request.params.account) return notFound(reply, request.url);
      const present = (media: MessageMedia) => presentMedia(message, media);
      return page({ key: 'media_list', path: pathOf(request.url), query: queryOf(request.url), items: message.media, present });
    });
    done();
  };
};

function take(stage: Stage, accountSid: string, wish: MessageWish): TwilioMessage {
  const { from, to, body, messagingServiceSid, mediaUrls } = wish;
  const now = new Date();
  const message: TwilioMessage = {
    sid: sid(mediaUrls.length ? 'MM' : 'SM'),
    ...{ accountSid, from, to, body, messagingServiceSid },
    direction: 'outbound-api',
    // What they are is known once they are fetched; nobody asks that soon.
    media: mediaUrls.map(() => ({ sid: mediaSid('image/jpeg'), contentType: 'image/jpeg' })),
    status: messagingServiceSid === null ? 'queued' : 'accepted',
    errorCode: null,
    createdAt: now,
    updatedAt: now,
    sentAt: null,
  };
  stage.memory.messages.put(message.sid, message);
  accept(stage, { provider: 'TWILIO', kind: 'MESSAGE', id: message.sid, from: from ?? messagingServiceSid, to, text: body }, now);
  return message;
}

/** What becomes of it: the statuses of its fate, each called back, and perhaps an answer of the person's. */
async function tell(stage: Stage, tale: Tale, message: TwilioMessage, wish: MessageWish): Promise<void> {
  const { settings, callbacks } = stage;
  await tale.pause();
  const links = wish.mediaUrls.filter((url) => isOurs(url, settings.publicUrl));
  const fetched = await Promise.all(links.map((url) => callbacks.fetchFile('TWILIO', url)));
  const fate = fetched.includes(false) ? { statuses: ['failed'], errorCode: 63019 } : wish.fate;
  message.from ??= isWhatsApp(message.to) ? `whatsapp:${NUMBER_OF_SERVICE}` : NUMBER_OF_SERVICE;
  for (const [nth, status] of fate.statuses.entries()) {
    if (nth > 0) await tale.pause();
    message.status = status;
    message.updatedAt = new Date();
    if (status === 'sent') message.sentAt = message.updatedAt;
    if (status === 'failed' || status === 'undelivered') message.errorCode = fate.errorCode;
    if (wish.statusCallback !== null) tale.tell(statusCallback(stage, message, wish.statusCallback));
  }
  if (!settings.replies || fate.errorCode !== null) return;
  await tale.pause();
  receiveAtTwilio(stage, tale, { from: message.to, to: message.from, body: REPLY, media: [] }, message.accountSid);
}

function statusCallback({ twilioAccounts }: Stage, message: TwilioMessage, given: string) {
  const url = withoutFragment(given);
  const posted = postedByTwilio(url, messageCallback(message), twilioAccounts.get(message.accountSid) ?? '', idempotencyToken());
  return { provider: 'TWILIO', tells: `the message is ${message.status}`, url, ...posted, retry: twilioRetries(given) } as const;
}
