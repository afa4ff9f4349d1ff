import { type DraftAttachment } from '../../core/adapters/activity-draft.js';
import { Channel } from '../../core/adapters/channel.js';
import { type ListedItem, type ListedPage, type ListedTo, type ListWindow, type ProviderList } from '../../core/adapters/provider-list.js';
import { asked, PAGE_SIZE, readPages } from './list-pages.service.js';
import { listedFile } from './listed-media.js';
import { readListedMessage } from './listed-message.js';
import { type TwilioClient } from './twilio-client.service.js';

/** Twilio's one list of SMS and WhatsApp messages. Source: Twilio docs, Message resource, Read multiple Message resources. */
export class TwilioMessageList implements ProviderList {
  readonly channels = [Channel.SMS, Channel.WHATSAPP];

  constructor(private readonly client: TwilioClient) {}

  async *pages(accountId: string, { from, until }: ListWindow, to?: ListedTo): AsyncIterable<ListedPage> {
    const sdk = await asked(() => this.client.of(accountId));
    const wanted = {
      pageSize: PAGE_SIZE,
      dateSentAfter: from,
      ...(until && { dateSentBefore: until }),
      ...(to && { to: to.channel === Channel.WHATSAPP ? `whatsapp:${to.address}` : to.address }),
    };
    yield* readPages(() => sdk.messages.page(wanted), readListedMessage);
  }

  async files({ about: { externalId } }: ListedItem, accountId: string): Promise<readonly DraftAttachment[]> {
    if (externalId === null) return [];
    const sdk = await asked(() => this.client.of(accountId));
    const { instances } = await asked(() => sdk.messages(externalId).media.page({ pageSize: PAGE_SIZE }));
    return instances.flatMap((media) => listedFile(media) ?? []);
  }
}
