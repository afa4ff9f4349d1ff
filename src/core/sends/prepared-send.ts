import { type DraftIdentity, type JsonObject } from '../adapters/activity-draft.js';
import { type Channel, type Provider } from '../adapters/channel.js';
import { type DepartingFile, type KeptContent } from './departure.js';

export interface PreparedRecipient {
  readonly activityId: string;
  readonly to: string;
  readonly addressHash: string;
  readonly identity: DraftIdentity | null;
}

/** A send that is whole and well formed; whether it may leave is judged when it is accepted. */
export interface PreparedSend {
  readonly organizationId: string;
  readonly channel: Channel;
  readonly provider: Provider;
  readonly accountId: string;
  readonly from: string;
  /** Each gets an activity. */
  readonly recipients: readonly PreparedRecipient[];
  readonly subject: string | null;
  readonly body: string | null;
  /** Of an email, sanitised. */
  readonly html: string | null;
  readonly content: KeptContent;
  /** WhatsApp had not approved its template: it may be accepted only while free text may. Not asked again, since it may be approved by then. */
  readonly unapproved?: true;
  readonly files: readonly Omit<DepartingFile, 'id'>[];
  readonly metadata: JsonObject;
  /** Our own id of the activity it answers. */
  readonly answersId: string | null;
  /** Null: now. */
  readonly sendAt: Date | null;
  readonly idempotencyKey: string | null;
  /** Hexadecimal. */
  readonly inputHash: string;
  readonly sentBy: string;
  /** It waits for somebody's approval. */
  readonly draft: boolean;
}
