import { type ActivityRow } from '../activities/activity-row.js';
import { type Channel, type Provider } from '../adapters/channel.js';
import { type OutboundContent } from '../adapters/outbound.js';

/** What is kept of an activity until it has left. */
export interface KeptContent extends OutboundContent {
  /** The provider's id of the message it answers. */
  readonly answers: string | null;
  /** As the outbound's. */
  readonly thread?: readonly string[];
  /** The seq of the conversation that the writer had seen, where it was given. */
  readonly seenSeq?: number;
  /** Somebody whom it named beside its recipient was erased: nothing else is kept of it, and it leaves no more. */
  readonly personErased?: true;
}

export const NAMED_SOMEBODY_ERASED: KeptContent = { answers: null, personErased: true };

/** A file of an activity of ours. */
export interface DepartingFile {
  /** The attachment's id. */
  readonly id: string;
  /** Whose bytes they are: the upload's. */
  readonly uploadId: string;
  readonly fileName: string | null;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly storedIn: string;
}

/** An activity whose attempt is noted: it leaves now or, after a while, not by this note. */
export interface Departure {
  readonly activityId: string;
  readonly organizationId: string;
  readonly channel: Channel;
  readonly provider: Provider;
  readonly accountId: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string | null;
  readonly body: string | null;
  readonly content: KeptContent;
  readonly files: readonly DepartingFile[];
  /** 1 at the first attempt. */
  readonly attempt: number;
  readonly notedAt: Date;
  /** As the note left it, where that is at hand. */
  readonly activity?: ActivityRow | undefined;
}
