import { type Task } from '../../platform/jobs/task.js';

/** The payload of the job that fetches an attachment's file. */
export interface FetchMedia {
  readonly attachmentId: string;
}

/** A file is held in memory while it is fetched, so few at once. */
export const FETCH_MEDIA = { name: 'attachments.fetch', concurrency: 4 } as const satisfies Omit<Task<FetchMedia>, 'run'>;
