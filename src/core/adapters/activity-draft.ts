import { type ActivityStatus, type EventKind } from './activity-status.js';
import { type Channel, type Direction } from './channel.js';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** A failure in the provider's words: its code as text, its sentence where it gave one. */
export interface ProviderError {
  readonly code: string;
  readonly message: string | null;
}

/** One thing that happened, as one item of a delivery tells it. */
export interface DraftEvent {
  /** Unique within the activity: `source/kind of request/what identifies it there`, such as `webhook/message/status/sent`. */
  readonly key: string;
  readonly kind: Exclude<EventKind, 'CREATED'>;
  /** Of a STATUS event. */
  readonly status: ActivityStatus | null;
  /** The provider's clock; null where it sends none and ours must stand in. */
  readonly occurredAt: Date | null;
  readonly error: ProviderError | null;
  /** What the provider said of this event that has no field here, under the provider's own names. */
  readonly metadata: JsonObject;
}

/** What an item tells of the activity itself. An absent fact says nothing; it never takes back what another item told. */
export interface ActivityFacts {
  readonly direction?: Direction;
  readonly from?: string;
  readonly to?: string;
  readonly subject?: string;
  readonly body?: string;
  /** Of a completed call, in whole seconds. */
  readonly durationSeconds?: number;
  /** The directory's value of the message it answers. */
  readonly replyTo?: string;
}

/** A file of this activity, at the provider or in the delivery itself. */
export interface DraftAttachment {
  /** Unique within the activity: what names the file at the provider, or in the delivery. */
  readonly key: string;
  readonly contentType: string;
  readonly fileName?: string;
  readonly sizeBytes?: number;
  /** Of audio and video, where the provider tells it. */
  readonly durationSeconds?: number;
  /** Shown inside the email's HTML. */
  readonly inline?: boolean;
  /** Where the provider serves it, asked with the provider's credentials; null where it came with the delivery. */
  readonly sourceUrl: string | null;
}

/** How a person is known to a channel. */
export const IdentityKind = { PHONE: 'PHONE', EMAIL: 'EMAIL', WHATSAPP_ID: 'WHATSAPP_ID', WHATSAPP_BSUID: 'WHATSAPP_BSUID' } as const;
export type IdentityKind = (typeof IdentityKind)[keyof typeof IdentityKind];

export interface DraftIdentity {
  readonly kind: IdentityKind;
  /** As the provider writes it: E.164 with `+`, an email address, a provider-scoped id. */
  readonly value: string;
}

/** What an item says of the other party beside its address. Two identities are one person: their contacts are joined. */
export interface DraftParty {
  readonly identities?: readonly DraftIdentity[];
  /** The name the person gave there. */
  readonly name?: string;
  /** They are who it is from, and not its address: that is one of ours, as where a website's form or a mailing list writes for them. */
  readonly byAnother?: true;
}

/** One person's reaction to the activity; the newest counts. No emoji: taken back. */
export interface DraftReaction {
  readonly from: string;
  readonly emoji: string | null;
  /** The address of ours that heard it, where the provider tells it. */
  readonly to?: string;
}

/** What an email provider says against an address. */
export type SuppressionReason = 'BOUNCED' | 'SPAM_REPORT' | 'UNSUBSCRIBED';

/** Whether an address may still be written to, as its person or the provider says. */
export interface DraftConsent {
  /** The address of ours it is about; null: every one of the channel. */
  readonly sender: string | null;
  /** The service that address sends for: what is said to one of its addresses is said to the service too. */
  readonly service?: string;
  /** The kind of mails it is about, as the provider names it, where not all: a word on it takes back no other. */
  readonly group?: string;
  readonly address: string;
  readonly optedOut: boolean;
  /** Of an email address; absent where its person said it in words. */
  readonly reason?: SuppressionReason;
}

/** One item of a delivery, understood: one event of one activity. */
export interface ActivityDraft {
  /** Position in the delivery's batch; 0 where a delivery says one thing. */
  readonly index: number;
  readonly channel: Channel;
  /** The provider's id of the activity, as clients see it (MessageSid); null where this item does not tell it. */
  readonly externalId: string | null;
  /**
   * The directory's value, unique within the provider account, where `externalId` alone does not say which activity: an email's id and
   * recipient, as `emailReference` joins them.
   */
  readonly reference?: string;
  /** Our own id of it, where the provider brought it back (`centralita_activity`); goes before the reference. */
  readonly activityId?: string;
  /** Of those it went to, whom this is about. Where that is not the activity's `to` (a `cc`), it is kept as an event and changes nothing else. */
  readonly recipient?: string;
  /** The directory's value of what it is part of (a call's parent): routes it where neither its own nor an address does. */
  readonly parent?: string;
  /** Addresses of ours it names, the most telling first: what routes an activity never seen. None: it must be known already. */
  readonly ours: readonly string[];
  /** A message the owner wrote in the provider's own app. */
  readonly origin?: 'ECHO';
  readonly facts: ActivityFacts;
  /** Of an email, sanitised. */
  readonly html?: string;
  readonly event: DraftEvent;
  readonly attachments: readonly DraftAttachment[];
  /** It went to a group: that is nobody's contact, and its address nobody's identity. */
  readonly toGroup?: true;
  /** It was said in a group, whose 24-hour window is another than its members'. */
  readonly inGroup?: true;
  readonly party?: DraftParty;
  readonly reaction?: DraftReaction;
  readonly consent?: DraftConsent;
}

/** What tells of no activity, but that two identities are one person: a number that changed. */
export interface IdentityLink {
  readonly channel: Channel;
  /** As a draft's: they route it. */
  readonly ours: readonly string[];
  readonly identities: readonly DraftIdentity[];
}
