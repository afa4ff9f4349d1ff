import { type FastifyInstance, type FastifyPluginCallback, type FastifyReply } from 'fastify';
import { type Tale } from './callbacks.service.js';
import { pathOf, queryOf } from './form-parameters.js';
import { fbtraceId, metaId, wamid } from './invent.service.js';
import { invalid, metaError, type MetaRefusal, unknownObject } from './meta-errors.js';
import { metaFile, presentFile } from './meta-files.js';
import { isUserId, type MetaWish, readMetaWish, statusItem, waIdOf } from './meta-messages.js';
import { metaNotification } from './meta-notification.js';
import { templatePage } from './meta-templates.js';
import { receiveAtMeta, REPLY } from './person.service.js';
import { UNTIL_TAKEN } from './retry-policy.js';
import { accept, type Stage, toOurDoor } from './stage.js';
import { isOurs } from './stand-in-settings.js';
import { readUpload } from './upload.service.js';

/** `/v26.0/<id of a number, an account or a file>`. */
const OBJECT = '/:version(^v\\d+\\.\\d+$)/:id';
type OfObject = { Params: { version: string; id: string } };

const NOT_VALID: MetaRefusal = { status: 401, code: 190, title: 'Invalid OAuth access token - Cannot parse access token' };

/** Meta's Graph API, as far as WhatsApp needs it. Source: Meta, WhatsApp Cloud API: Messages, Media, Message templates. */
export const metaDoor = (stage: Stage): FastifyPluginCallback => {
  const { memory } = stage;
  return (app: FastifyInstance, _, done) => {
    app.addHook('onRequest', async (request, reply) => {
      const given = request.headers.authorization?.replace(/^Bearer /i, '') ?? queryOf(request.url).get('access_token');
      if (given !== stage.secrets.WHATSAPP_ACCESS_TOKEN) return refused(reply, NOT_VALID);
    });

    app.post<OfObject>(`${OBJECT}/messages`, async (request, reply) => {
      const { id: phoneNumberId } = request.params;
      if (!/^\d+$/.test(phoneNumberId)) return refused(reply, unknownObject(phoneNumberId));
      if (isReadReceipt(request.body)) return { success: true };
      const wish = readMetaWish(request.body);
      if ('code' in wish) return refused(reply, wish);
      if (wish.mediaId !== null && !memory.files.get(wish.mediaId))
        return refused(reply, invalid(`Param ${wish.type}['id'] is not a valid whatsapp business account media attachment ID`));
      const id = wamid();
      accept(stage, { provider: 'META', kind: 'MESSAGE', id, from: phoneNumberId, to: wish.to, text: wish.text }, new Date());
      request.turn!.playing = stage.callbacks.play((tale) => tell(stage, tale, { id, phoneNumberId, wish }));
      const contact = isUserId(wish.to) ? { input: wish.to, user_id: wish.to } : { input: wish.to, wa_id: waIdOf(wish.to) };
      const message = { id, ...(wish.type === 'template' && { message_status: 'accepted' }) };
      return { messaging_product: 'whatsapp', contacts: [contact], messages: [message] };
    });

    app.get<OfObject>(`${OBJECT}/message_templates`, ({ url }, reply) =>
      reply.send(templatePage(queryOf(url), stage.origin() + pathOf(url))),
    );

    app.post<OfObject>(`${OBJECT}/media`, async (request, reply) => {
      const { file, fields } = await readUpload(request.headers, request.body);
      if (!file) return refused(reply, invalid('The parameter file is required.'));
      if (fields.messaging_product !== 'whatsapp') return refused(reply, invalid('The parameter messaging_product is required.'));
      const id = metaId();
      memory.files.put(id, metaFile(id, { contentType: fields.type || file.contentType, bytes: file.bytes }));
      return { id };
    });

    app.get<OfObject>(OBJECT, async ({ params }, reply) => {
      const file = memory.files.get(params.id);
      return file ? presentFile(file, stage.origin()) : refused(reply, unknownObject(params.id));
    });

    app.delete<OfObject>(OBJECT, async ({ params }, reply) =>
      memory.files.delete(params.id) ? { success: true } : refused(reply, unknownObject(params.id)),
    );

    app.get('/whatsapp_business/attachments/', async (request, reply) => {
      const file = memory.files.get(queryOf(request.url).get('mid') ?? '');
      if (!file) return reply.code(404).send();
      // Meta serves no file to who does not say what it is.
      if (!request.headers['user-agent']) return reply.code(400).send();
      return reply.type(file.contentType).send(file.bytes);
    });
    done();
  };
};

function refused(reply: FastifyReply, refusal: MetaRefusal): FastifyReply {
  return reply.code(refusal.status).send(metaError(refusal, fbtraceId()));
}

/** `{ "status": "read", "message_id": … }`: the person is shown that we read. */
function isReadReceipt(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'status' in body && body.status === 'read' && 'message_id' in body;
}

/** What becomes of a message: its statuses, and perhaps an answer of the person's. */
async function tell(stage: Stage, tale: Tale, sent: { id: string; phoneNumberId: string; wish: MetaWish }): Promise<void> {
  const { settings, secrets, callbacks } = stage;
  const { id, phoneNumberId, wish } = sent;
  await tale.pause();
  const isMissing = wish.link !== null && isOurs(wish.link, settings.publicUrl) && !(await callbacks.fetchFile('META', wish.link));
  const fate = isMissing ? { ...wish, errorCode: 131053 } : wish;
  const statuses = fate.errorCode !== null ? ['failed'] : wish.type === 'reaction' ? ['sent', 'delivered'] : ['sent', 'delivered', 'read'];
  for (const [nth, status] of statuses.entries()) {
    if (nth > 0) await tale.pause();
    const contacts = isUserId(wish.to) || status === 'failed' ? {} : { contacts: [{ profile: { name: 'Ana' }, wa_id: waIdOf(wish.to) }] };
    const value = { ...contacts, statuses: [statusItem(id, status, fate, new Date())] };
    const delivery = metaNotification({ tells: `the message is ${status}`, phoneNumberId, value }, secrets.WHATSAPP_APP_SECRET);
    tale.tell(toOurDoor(delivery, 'META', settings.publicUrl, UNTIL_TAKEN));
  }
  if (!settings.replies || fate.errorCode !== null || wish.type === 'reaction' || isUserId(wish.to)) return;
  await tale.pause();
  receiveAtMeta(stage, tale, { from: waIdOf(wish.to), phoneNumberId, body: REPLY });
}
