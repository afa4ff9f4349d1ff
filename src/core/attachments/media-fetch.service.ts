import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Attachment } from '../../generated/prisma/client.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { JobsService } from '../../platform/jobs/jobs.service.js';
import { type JobAttempt } from '../../platform/jobs/task.js';
import { Log } from '../../platform/logging/log.service.js';
import { ActivitiesService } from '../activities/activities.service.js';
import { type ActivityRow } from '../activities/activity-row.js';
import { RecorderService } from '../activities/recorder.service.js';
import { FETCH_MEDIA, type FetchMedia } from './fetch-media.js';
import { FileSource } from './file-source.service.js';
import { isGivenUp, MediaFailure } from './media-failure.js';
import { MediaFiles } from './media-files.service.js';
import { mediaTypeOf } from './media-type.js';

/** What becomes of an attachment; the other columns stay. */
type Settled =
  | { readonly state: 'READY'; readonly contentType: string; readonly sizeBytes: number; readonly storedIn: string }
  | { readonly state: 'FAILED'; readonly error: string };

const OUR_FAULT = 'Something went wrong on our side: the log says what.';

/** Gets the files of attachments, behind the answer to whoever named them. Twice does no more than once. */
@Injectable()
export class MediaFetchService implements OnModuleInit {
  constructor(
    private readonly database: DatabaseService,
    private readonly jobs: JobsService,
    private readonly activities: ActivitiesService,
    private readonly recorder: RecorderService,
    private readonly source: FileSource,
    private readonly files: MediaFiles,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.jobs.register<FetchMedia>({ ...FETCH_MEDIA, run: ({ attachmentId }, attempt) => this.fetch(attachmentId, attempt) });
  }

  private async fetch(id: string, attempt: JobAttempt): Promise<void> {
    const attachment = await this.database.prisma.attachment.findUnique({ where: { id } });
    const activity = attachment?.activityId ? (await this.activities.byId([attachment.activityId])).get(attachment.activityId) : undefined;
    // Erased meanwhile, perhaps by whoever ran before us and was killed: what it may have put down goes too.
    if (!attachment || !activity) return this.files.delete(id);
    if (attachment.state !== 'PENDING') return;
    try {
      await this.store(attachment, activity, attempt);
    } catch (error) {
      const failure = error instanceof MediaFailure ? error : new MediaFailure('UNREACHABLE', OUR_FAULT, { cause: error });
      const final = isGivenUp(failure.kind, attempt.number) && !attempt.signal.aborted;
      this.log.warn('media.fetch_failed', {
        attachmentId: id,
        organizationId: attachment.organizationId,
        attempt: attempt.number,
        final,
        reason: failure.message,
        cause: failure.cause === undefined ? undefined : causeOf(failure.cause),
      });
      if (!final) throw failure;
      await this.settle(attachment, activity, { state: 'FAILED', error: failure.message });
    }
  }

  private async store(attachment: Attachment, activity: ActivityRow, attempt: JobAttempt): Promise<void> {
    const startedMs = performance.now();
    const { id, organizationId } = attachment;
    const { bytes, contentType: answered } = await this.source.read(attachment, activity, attempt.signal);
    const contentType = await mediaTypeOf(bytes, claimOf(attachment.contentType, answered));
    const storedIn = await this.files.put(id, bytes, contentType);
    const settled = await this.settle(attachment, activity, { state: 'READY', contentType, sizeBytes: bytes.length, storedIn });
    if (!settled) return this.deleteIfErased(id);
    const durationMs = Math.round(performance.now() - startedMs);
    this.log.info('media.stored', { attachmentId: id, organizationId, contentType, sizeBytes: bytes.length, durationMs });
  }

  /** Where another run of the same job was first, the file is what that one put down. */
  private async deleteIfErased(id: string): Promise<void> {
    if (!(await this.database.prisma.attachment.findUnique({ where: { id } }))) await this.files.delete(id);
  }

  /** With its event, or not at all: false where it is gone, or settled by another. */
  private settle({ id, key, organizationId }: Attachment, { id: activityId, channel }: ActivityRow, settled: Settled): Promise<boolean> {
    const event = {
      organizationId,
      activityId,
      channel,
      key: `media/${key}/${settled.state.toLowerCase()}`,
      kind: 'ATTACHMENT' as const,
      metadata: { attachmentId: id, state: settled.state },
    };
    return this.recorder.recordOwn(event, async (tx) => {
      const { count } = await tx.attachment.updateMany({ where: { id, state: 'PENDING' }, data: settled });
      return count === 1;
    });
  }
}

/** The provider's word, unless it is none and the answer's is one. */
function claimOf(said: string, answered: string | undefined): string | undefined {
  return said === 'application/octet-stream' ? answered : said;
}

/** An address may be a secret, so of what went wrong on the way only its code is told. */
function causeOf(cause: unknown): string {
  const { code } = cause as { code?: unknown };
  return typeof code === 'string' ? code : reasonOf(cause).replace(/\bhttps?:\S+/g, 'an address');
}
