import { type JsonObject, type ProviderError } from './activity-draft.js';

/** What there is to say of a file that goes with a message. */
export interface FileFacts {
  readonly fileName: string | null;
  readonly contentType: string;
  readonly sizeBytes: number;
}

/** A file that goes with a message. */
export interface OutboundFile extends FileFacts {
  /** A signed link to this server, good for 24 hours: what a provider that fetches is given. */
  readonly url: string;
  /** Its bytes, for a provider that is given them. Throws FileGone. */
  read(): Promise<Buffer>;
}

/** The bytes of a file that was taken in are no more: no later attempt will have them. */
export class FileGone extends Error {
  override readonly name = 'FileGone';
}

/** A template as its provider knows it, with what fills its places. */
export interface OutboundTemplate {
  /** Twilio: the content SID. Meta: the template's name. */
  readonly id: string;
  readonly language: string | null;
  /** By name of the place; `1`, `2`, … where they are numbered. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A call's course. With an agent the agent's number is rung first, then `to` is dialed; else `to` is rung and hears `say`. */
export interface OutboundCall {
  readonly agent: string | null;
  readonly say: string | null;
  readonly record: boolean;
}

/** Of an email alone. */
export interface OutboundMail {
  /** As the sender wrote it, not sanitised. */
  readonly html: string | null;
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly replyTo: string | null;
}

/** What of an activity of ours is not in its own fields, and has to leave with it. */
export interface OutboundContent {
  /** Public https links to media. */
  readonly mediaUrls?: readonly string[];
  readonly template?: OutboundTemplate;
  readonly call?: OutboundCall;
  readonly mail?: OutboundMail;
}

/** What is said, and between whom. */
export interface OutboundMessage extends OutboundContent {
  /** Our sender's address as we store it: no prefix; a Messaging Service's SID; a Meta phone number id; an email address. */
  readonly from: string;
  /** E.164, an email address, or a provider-scoped id. */
  readonly to: string;
  readonly subject: string | null;
  readonly body: string | null;
  readonly files: readonly FileFacts[];
  /** The provider's id of the message it answers: a WhatsApp message id, an email's Message-ID without its brackets. */
  readonly answers: string | null;
  /** The Message-IDs before the email that it answers, the oldest first, without brackets. */
  readonly thread?: readonly string[];
}

/** A message, an email or a call that is to leave. */
export interface Outbound extends OutboundMessage {
  readonly files: readonly OutboundFile[];
  /** The request begins by then or not at all, and is NOT_SENT: a process that was frozen must not send minutes later. */
  readonly notAfter: Date;
  /** Comes back with whatever the provider says of it: `centralita_activity` in callback URLs and custom arguments, `biz_opaque_callback_data`. */
  readonly activityId: string;
}

/**
 * How an attempt ended. ACCEPTED: the provider has it. REFUSED: it said no, and would again. NOT_SENT: it certainly did not get or take it, and
 * it may be tried again, not before `retryAfterMs` where the provider says so. UNKNOWN: it may or may not have it; never tried again.
 */
export type SendOutcome =
  | {
      readonly kind: 'ACCEPTED';
      /** The provider's id, as clients see it. */
      readonly externalId: string;
      /** The directory's value, where that is another: an email's id and recipient. */
      readonly reference?: string;
    }
  | {
      readonly kind: 'REFUSED';
      readonly error: ProviderError;
      /** The refusal says that the person opted out of this sender. */
      readonly optedOut?: true;
    }
  | { readonly kind: 'NOT_SENT'; readonly reason: string; readonly retryAfterMs?: number }
  | { readonly kind: 'UNKNOWN'; readonly reason: string };

/** A message template that the provider has on file. */
export interface Template {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  /** Its text, with its places as the provider writes them: `{{1}}`, `{{name}}`. */
  readonly body: string;
  readonly variables: readonly string[];
  readonly approved: boolean;
  /** WhatsApp has said that it is not. Absent also where nobody could say. */
  readonly unapproved?: true;
  /** Its parts beside the text that want something of each message, as the provider names them: nothing we send fills them. Absent: none. */
  readonly unfillable?: readonly string[];
}

/** What is too much for the provider, or none of its kind: the input field and what would be right. */
export interface OutboundProblem {
  readonly field:
    | 'body'
    | 'mediaUrls'
    | 'mediaIds'
    | 'template.id'
    | 'template.language'
    | 'to'
    | 'from'
    | 'subject'
    | 'html'
    | 'text'
    | 'attachments'
    | 'cc'
    | 'bcc'
    | 'say'
    | 'agent';
  readonly problem: string;
}

/** How a provider sends on a channel. */
export interface OutboundChannel {
  /** The environment variables it still wants before the environment's account can send. */
  readonly missingToSend: readonly string[];
  /** The secret without which an organization's own account cannot send, as `createProviderAccount` names it. */
  readonly secretToSend: string;
  /** Pure: what the provider would refuse whoever the recipient is (lengths, counts, kinds of files). */
  check(outbound: OutboundMessage): OutboundProblem | undefined;
  /** One request to the provider, once. Throws nothing: what it cannot tell is UNKNOWN. */
  send(outbound: Outbound, accountId: string): Promise<SendOutcome>;
  /** The Message-ID of an email that it sent, without its brackets, by the activity's `metadata`; undefined while nothing has told it. */
  messageIdOf?(metadata: JsonObject): string | undefined;
  /** Ends a call that is under way. Throws what the provider said against it. */
  hangUp?(externalId: string, accountId: string): Promise<void>;
  /** All templates of an account. Throws where they cannot be had. */
  templates?(accountId: string): Promise<readonly Template[]>;
  /** Undefined where the provider says there is none. Throws where it cannot be had. */
  findTemplate?(template: Pick<OutboundTemplate, 'id' | 'language'>, accountId: string): Promise<Template | undefined>;
}
