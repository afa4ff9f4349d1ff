import { Injectable } from '@nestjs/common';
import { type Attachment } from '../../generated/prisma/client.js';
import { type ActivityRow } from '../activities/activity-row.js';
import { AdapterRegistry } from '../adapters/adapter-registry.service.js';
import { type ChannelAdapter, type MediaRequest } from '../adapters/channel-adapter.js';
import { type VerifiedDelivery } from '../adapters/delivery.js';
import { type FetchedFile, fetchFile } from './fetch-file.service.js';
import { failureOfStatus, MediaFailure, tooLarge } from './media-failure.js';
import { MediaConfig } from './media.config.js';

/** Reads a kept delivery. The room that owns deliveries gives it to this one at the start. */
export type DeliveryReader = (id: string) => Promise<VerifiedDelivery | undefined>;

/** Where the bytes of an attachment come from: its provider, or the delivery that named it. */
@Injectable()
export class FileSource {
  private readDelivery: DeliveryReader | undefined;

  constructor(
    private readonly adapters: AdapterRegistry,
    private readonly config: MediaConfig,
  ) {}

  useDeliveries(reader: DeliveryReader): void {
    this.readDelivery = reader;
  }

  /** Throws MediaFailure. */
  async read(attachment: Attachment, activity: ActivityRow, stop: AbortSignal): Promise<FetchedFile> {
    const { sourceUrl, deliveryId, accountId, key } = attachment;
    const adapter = this.adapters.find(activity.channel, activity.provider);
    if (adapter && accountId !== null && sourceUrl !== null)
      return fetchFile(await requestFor(adapter, sourceUrl, accountId, activity), this.config.MEDIA_MAX_BYTES, stop);
    const delivery = deliveryId === null ? undefined : await this.readDelivery?.(deliveryId);
    if (!adapter || !delivery) throw new MediaFailure('FINAL', 'What is needed to get the file was deleted here.');
    if (sourceUrl !== null)
      return fetchFile(await requestFor(adapter, sourceUrl, delivery.accountId, activity), this.config.MEDIA_MAX_BYTES, stop);
    const bytes = await adapter.fileIn?.(delivery, key);
    if (!bytes) throw new MediaFailure('FINAL', 'The file is not in the delivery that named it.');
    if (bytes.length > this.config.MEDIA_MAX_BYTES) throw tooLarge(this.config.MEDIA_MAX_BYTES);
    return { bytes, contentType: undefined };
  }
}

async function requestFor(adapter: ChannelAdapter, sourceUrl: string, accountId: string, activity: ActivityRow): Promise<MediaRequest> {
  if (!adapter.media) throw new MediaFailure('FINAL', 'Files of this provider cannot be fetched on this channel.');
  if (adapter.missing.length)
    throw new MediaFailure('UNREACHABLE', `The provider is not configured: set ${adapter.missing.join(' and ')}.`);
  try {
    return await adapter.media(sourceUrl, accountId, activity.metadata);
  } catch (error) {
    const { status } = error as { status?: unknown };
    if (typeof status === 'number') throw failureOfStatus(status);
    throw new MediaFailure('UNREACHABLE', 'The provider did not say where the file is.', { cause: error });
  }
}
