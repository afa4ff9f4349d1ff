import { Injectable } from '@nestjs/common';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { Log } from '../../platform/logging/log.service.js';
import { AdapterRegistry } from '../adapters/adapter-registry.service.js';
import { Channel } from '../adapters/channel.js';
import { FileGone, type Outbound, type SendOutcome } from '../adapters/outbound.js';
import { MediaFiles } from '../attachments/media-files.service.js';
import { MediaLinks } from '../attachments/media-links.service.js';
import { type DepartingFile, type Departure } from './departure.js';
import { OutcomesService } from './outcomes.service.js';
import { type Place, Room, type RoomSize, sizeOf } from './room.js';

/** How many requests to providers one process has under way; the bytes are of files alone, which are in memory several times over while they leave. */
const SIZE: RoomSize = { attempts: 96, attemptsOfAccount: 64, bytes: 64 << 20 };
/** Once it was stopped. */
const NO_SIZE: RoomSize = { attempts: 0, attemptsOfAccount: 0, bytes: 0 };
/** An attempt begins so soon after its note or not at all: a process that was frozen must not send minutes later. */
const NOTE_HOLDS_MS = 10_000;
/** What providers fetch of ours they may fetch late. */
const LINK_LIFETIME_MS = 24 * 60 * 60 * 1000;
const STOP_PATIENCE_MS = 16_000;

/** Makes noted attempts: one request to the provider each, and never a second by the same note. */
@Injectable()
export class DeparturesService {
  /** By activity. */
  private readonly underWay = new Map<string, Place>();
  private stopped = false;
  private readonly listeners: (() => void)[] = [];

  constructor(
    private readonly adapters: AdapterRegistry,
    private readonly files: MediaFiles,
    private readonly links: MediaLinks,
    private readonly outcomes: OutcomesService,
    private readonly log: Log,
  ) {}

  /** Room for more, now; none once it was stopped. */
  room(): Room {
    return new Room(this.stopped ? NO_SIZE : SIZE, this.underWay.values());
  }

  isUnderWay(activityId: string): boolean {
    return this.underWay.has(activityId);
  }

  /** Who has more hears here that there is room. */
  onRoom(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Begins the attempts of these notes, which are committed. */
  leave(departures: readonly Departure[]): void {
    for (const departure of departures) {
      const { activityId, accountId, files } = departure;
      const sizeBytes = sizeOf(files);
      this.underWay.set(activityId, { accountId, sizeBytes });
      void this.attempt(departure).finally(() => {
        const full = sizeBytes > 0 || this.room().isFull(accountId);
        this.underWay.delete(activityId);
        if (full) for (const listener of this.listeners) listener();
      });
    }
  }

  /** Begins nothing any more; resolves once all that is under way has ended, or cannot be waited for any longer. */
  async stop(): Promise<void> {
    this.stopped = true;
    const end = Date.now() + STOP_PATIENCE_MS;
    while (this.underWay.size && Date.now() < end) await new Promise((done) => setTimeout(done, 10));
  }

  private async attempt(departure: Departure): Promise<void> {
    const startedMs = performance.now();
    const outcome = await this.request(departure);
    this.log.info('send.attempted', {
      activityId: departure.activityId,
      organizationId: departure.organizationId,
      channel: departure.channel,
      provider: departure.provider,
      attempt: departure.attempt,
      outcome: outcome.kind,
      ...('reason' in outcome && { reason: outcome.reason }),
      ...(outcome.kind === 'REFUSED' && { code: outcome.error.code }),
      durationMs: Math.round(performance.now() - startedMs),
    });
    await this.outcomes.settle(departure, outcome);
  }

  private async request(departure: Departure): Promise<SendOutcome> {
    const { channel, provider, accountId } = departure;
    const outbound = this.adapters.find(channel, provider)?.outbound;
    if (!outbound) return { kind: 'NOT_SENT', reason: 'nobody here sends by that provider' };
    const unlinkable = channel === Channel.EMAIL ? undefined : await this.unlinkable(departure.files);
    if (unlinkable) return unlinkable;
    try {
      return await outbound.send(this.outboundOf(departure), accountId);
    } catch (error) {
      this.log.error('send.attempt_failed', error, { activityId: departure.activityId });
      return { kind: 'UNKNOWN', reason: reasonOf(error) };
    }
  }

  /** How a send by links ends whose bytes the database has no more: an erasure may have taken them since. What lies elsewhere is not looked for. */
  private async unlinkable(files: readonly DepartingFile[]): Promise<SendOutcome | undefined> {
    try {
      for (const { uploadId, storedIn } of files) {
        if (storedIn !== 'DATABASE') continue;
        const bytes = await this.files.get(uploadId, storedIn, { start: 0, end: 0 });
        if (!bytes) return { kind: 'REFUSED', error: { code: 'FILE_GONE', message: null } };
        bytes.destroy();
      }
      return undefined;
    } catch (error) {
      return { kind: 'NOT_SENT', reason: reasonOf(error) };
    }
  }

  private outboundOf({ activityId, from, to, subject, body, content, files, notedAt }: Departure): Outbound {
    const notAfter = new Date(notedAt.getTime() + NOTE_HOLDS_MS);
    return { ...content, activityId, notAfter, from, to, subject, body, files: files.map((file) => this.fileOf(file)) };
  }

  private fileOf({ id, uploadId, fileName, contentType, sizeBytes, storedIn }: DepartingFile): Outbound['files'][number] {
    return {
      fileName,
      contentType,
      sizeBytes,
      url: this.links.make(id, LINK_LIFETIME_MS).url,
      read: async () => {
        const stream = await this.files.get(uploadId, storedIn, { start: 0, end: sizeBytes - 1 });
        // One that another storage does not have may be in another bucket: a setting is mended, and what waits leaves.
        if (!stream)
          throw storedIn === 'S3' ? new Error(`the storage has no file ${uploadId}`) : new FileGone(`the bytes of ${uploadId} are gone`);
        return Buffer.concat((await stream.toArray()) as Buffer[]);
      },
    };
  }
}
