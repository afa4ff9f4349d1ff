import { Channel } from '../../core/adapters/channel.js';
import { type OutboundTemplate, type Template } from '../../core/adapters/outbound.js';
import { given } from './attempt.service.js';
import { isContentSid, templateOf } from './content-template.js';
import { MessageOutbound } from './message-outbound.service.js';
import { type TwilioClient } from './twilio-client.service.js';

const PAGE = 500;
const MOST_TEMPLATES = 5_000;

/** How Twilio sends on WhatsApp: messages, with the templates of its Content API. */
export class WhatsAppOutbound extends MessageOutbound {
  constructor(client: TwilioClient) {
    super(Channel.WHATSAPP, client);
  }

  async templates(accountId: string): Promise<readonly Template[]> {
    const sdk = await this.client.of(accountId);
    const contents = (await given(sdk.content.v1.contentAndApprovals.list({ pageSize: PAGE, limit: MOST_TEMPLATES }))) ?? [];
    return contents.map((content) => templateOf(content, content.approvalRequests));
  }

  /** A SID says the language too. What was never handed in for approval has none. */
  async findTemplate({ id }: Pick<OutboundTemplate, 'id'>, accountId: string): Promise<Template | undefined> {
    if (!isContentSid(id)) return undefined;
    const sdk = await this.client.of(accountId);
    const named = sdk.content.v1.contents(id);
    const [content, approval] = await Promise.all([given(named.fetch()), given(named.approvalFetch().fetch())]);
    return content && templateOf(content, approval?.whatsapp);
  }
}
