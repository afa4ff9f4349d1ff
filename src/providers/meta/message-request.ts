import { IdentityKind, type JsonObject } from '../../core/adapters/activity-draft.js';
import { type Outbound } from '../../core/adapters/outbound.js';
import { identityOf } from './identities.js';
import { linksOf, mediaOf, type OutboundMedia, takesCaption } from './outbound-media.js';
import { templateMessage } from './template-message.js';

/** What Meta is asked to send. Source: Meta, WhatsApp Cloud API, Messages: text, image, video, audio and document messages, contextual replies. */
export function messageRequest(outbound: Outbound): JsonObject {
  const { activityId, to, answers } = outbound;
  return {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    ...addressee(to),
    ...(answers !== null && { context: { message_id: answers } }),
    biz_opaque_callback_data: activityId,
    ...contentOf(outbound),
  };
}

/** A number is `to`, without its plus; a business-scoped user id is `recipient`, and read only where there is no `to`. Source: Meta, Business-scoped user IDs. */
function addressee(to: string): JsonObject {
  return identityOf(to).kind === IdentityKind.WHATSAPP_BSUID ? { recipient: to } : { to: to.replace(/^\+/, '') };
}

function contentOf(outbound: Outbound): JsonObject {
  if (outbound.template) return { type: 'template', template: templateMessage(outbound.template) };
  const [[media], [link]] = [mediaOf(outbound), linksOf(outbound)];
  return media ? mediaMessage(media, link!, outbound.body) : { type: 'text', text: { body: outbound.body ?? '', preview_url: true } };
}

/** By link: Meta fetches it. */
function mediaMessage({ type, fileName }: OutboundMedia, link: string, caption: string | null): JsonObject {
  return {
    type,
    [type]: {
      link,
      ...(caption && takesCaption(type) && { caption }),
      ...(type === 'document' && fileName !== null && { filename: fileName }),
    },
  };
}
