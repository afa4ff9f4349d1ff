import { type Channel } from '../adapters/channel.js';
import { type OutboundCall } from '../adapters/outbound.js';

/** What a mutation asks for, as it was given: nothing of it is checked yet. */
export interface SendRequest {
  readonly organizationId: string;
  readonly channel: Channel;
  /** The mutation's input, by which two uses of one key are compared. */
  readonly input: object;
  readonly from?: string | null;
  readonly to: readonly string[];
  readonly subject?: string | null;
  readonly body?: string | null;
  readonly mediaUrls?: readonly string[] | null;
  readonly mediaIds?: readonly string[] | null;
  readonly attachments?: readonly { readonly fileName: string; readonly contentType: string; readonly base64: string }[] | null;
  readonly template?: { readonly id: string; readonly language?: string | null; readonly variables?: unknown } | null;
  readonly call?: OutboundCall;
  readonly mail?: {
    readonly html?: string | null;
    readonly cc?: readonly string[] | null;
    readonly bcc?: readonly string[] | null;
    readonly replyTo?: string | null;
  };
  readonly replyToId?: string | null;
  readonly sendAt?: Date | null;
  readonly ifLatest?: string | null;
  readonly idempotencyKey?: string | null;
  readonly metadata?: unknown;
}
