import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
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

/** Of up to 40 MB each. */
const MOST_KEPT = 2;
const KEPT_MS = 5_000;

/** Where the bytes of an attachment come from: its provider, or the delivery that named it. */
@Injectable()
export class FileSource {
  private readDelivery: DeliveryReader | undefined;
  /** The files of a mail are asked for one after the other: it is neither read nor parsed again for each. */
  private readonly lately = new LRUCache<string, Promise<VerifiedDelivery | undefined>>({
    max: MOST_KEPT,
    ttl: KEPT_MS,
    ttlAutopurge: true,
  });

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
    const delivery = deliveryId === null ? undefined : await this.deliveryOf(deliveryId);
    if (!adapter || !delivery) throw new MediaFailure('FINAL', 'What is needed to get the file was deleted here.');
    if (sourceUrl !== null)
      return fetchFile(await requestFor(adapter, sourceUrl, delivery.accountId, activity), this.config.MEDIA_MAX_BYTES, stop);
    const bytes = await adapter.fileIn?.(delivery, key);
    if (!bytes) throw new MediaFailure('FINAL', 'The file is not in the delivery that named it.');
    if (bytes.length > this.config.MEDIA_MAX_BYTES) throw tooLarge(this.config.MEDIA_MAX_BYTES);
    return { bytes, contentType: undefined };
  }

  private deliveryOf(id: string): Promise<VerifiedDelivery | undefined> {
    const kept = this.lately.get(id);
    if (kept) return kept;
    const read = Promise.resolve(this.readDelivery?.(id));
    this.lately.set(id, read);
    read.catch(() => this.lately.delete(id));
    return read;
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
