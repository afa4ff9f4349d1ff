/** What a room does behind an answer, one job at a time. A job may run twice, or again after a crash halfway: it must bear that. */
export interface Task<Payload> {
  /** `room.verb`; jobs that wait in the database name it, so it is never changed. */
  readonly name: string;
  /** How many of its jobs one process runs at once. Tasks do not wait for each other. */
  readonly concurrency: number;
  /** A throw is a failed try: the job runs again after a pause that grows, see `RETRY_PAUSE`. */
  run(payload: Payload, attempt: JobAttempt): Promise<void>;
}

export interface JobAttempt {
  /** 1 at the first try. */
  readonly number: number;
  /** Aborts when the process stops: what is thrown then is tried again by another. */
  readonly signal: AbortSignal;
}

/** The pause after the nth failed try, in seconds. Source: graphile-worker 0.17, `failJobs.ts`. */
export const RETRY_PAUSE = (attempt: number): number => Math.exp(Math.min(attempt, 10));

/** A job is given up by its task, and never silently by the queue: it has more tries than any task takes. */
export const MOST_ATTEMPTS = 30;
