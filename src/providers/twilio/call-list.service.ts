import { type DraftAttachment } from '../../core/adapters/activity-draft.js';
import { Channel } from '../../core/adapters/channel.js';
import { type ListedPage, type ListedTo, type ListWindow, type ProviderList } from '../../core/adapters/provider-list.js';
import { asked, PAGE_SIZE, readPages } from './list-pages.service.js';
import { readListedCall } from './listed-call.js';
import { readListedRecording } from './listed-recording.js';
import { type TwilioClient } from './twilio-client.service.js';

/** Twilio's calls, and after them the recordings of calls. Source: Twilio docs, Call resource and Recordings resource, Read multiple. */
export class TwilioCallList implements ProviderList {
  readonly channels = [Channel.VOICE];

  constructor(private readonly client: TwilioClient) {}

  async *pages(accountId: string, { from, until }: ListWindow, to?: ListedTo): AsyncIterable<ListedPage> {
    const sdk = await asked(() => this.client.of(accountId));
    const calls = {
      pageSize: PAGE_SIZE,
      startTimeAfter: from,
      ...(until && { startTimeBefore: until }),
      ...(to && { to: to.address }),
    };
    yield* readPages(() => sdk.calls.page(calls), readListedCall);
    if (to) return;
    const recordings = { pageSize: PAGE_SIZE, dateCreatedAfter: from, ...(until && { dateCreatedBefore: until }) };
    yield* readPages(() => sdk.recordings.page(recordings), readListedRecording);
  }

  /** A recording is an item of its own. */
  files(): Promise<readonly DraftAttachment[]> {
    return Promise.resolve([]);
  }
}
