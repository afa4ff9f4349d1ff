import { type ActivityDraft, type IdentityLink, type JsonObject } from './activity-draft.js';
import { type ActivityStatus } from './activity-status.js';
import { type Channel, type Provider } from './channel.js';
import { type DeliveryProblem, type RawDelivery, type VerifiedDelivery } from './delivery.js';
import { type ErrorExplanation } from './error-explanation.js';
import { type OutboundChannel } from './outbound.js';
import { type ProviderList } from './provider-list.js';
import { type VoiceAnswer } from './voice-answer.js';

/**
 * Whether a delivery is the provider's. A refusal says in one line what to check, never what would have verified:
 * 403 the signature does not hold · 415 its content type cannot be read.
 */
export type Verdict =
  | {
      readonly verified: true;
      readonly accountId: string;
      /** The one organization that the account serves; absent: all. */
      readonly servesOnly?: string;
      /** Path and query to keep instead of those that came, where a secret stood in them. */
      readonly url?: string;
    }
  | { readonly verified: false; readonly status: 403 | 415; readonly reason: string };

/** A delivery's items: what was understood, and what was not. Nothing understood and a problem: the delivery is FAILED. */
export interface NormalizedDelivery {
  readonly drafts: readonly ActivityDraft[];
  readonly problems: readonly DeliveryProblem[];
  readonly links?: readonly IdentityLink[];
}

/** The answer the provider wants once its delivery is committed. */
export interface WebhookReply {
  readonly status: 200 | 204;
  readonly contentType?: string;
  readonly body?: string;
}

/** To a provider that asks, before it subscribes, whether the address is ours: what it wants to hear, or what to check where it must not. */
export type ChallengeAnswer = { readonly passed: true; readonly reply: WebhookReply } | { readonly passed: false; readonly reason: string };

/** How a file is asked for at its provider. */
export interface MediaRequest {
  readonly url: string;
  /** Credentials among them: they go to `url`'s own host alone, and not on with a redirect. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The hosts that may be asked by https, redirects included; `*.example.com` is any below it. A whole origin (`http://10.0.0.5:8080`) is
   * one that the operator configured, and alone may be plain http, on a port of its own or at a private address.
   */
  readonly hosts: readonly string[];
  /** Of the file, in hex, where the provider tells it: bytes that have another are not the file. */
  readonly sha256?: string;
}

/** How a provider carries a channel. One for each pair; it registers itself with the AdapterRegistry. */
export interface ChannelAdapter {
  readonly channel: Channel;
  readonly provider: Provider;
  /** The environment variables it still wants. Any: it is off, and its webhooks are 404. */
  readonly missing: readonly string[];
  /** Further doors below its own, by the end of their paths, and what each of them still wants. */
  readonly doors?: Readonly<Record<string, readonly string[]>>;
  /** The environment's account at the provider, which serves all organizations. */
  readonly accountId?: string;
  /** A header, in lower case, that only a delivery has: one that comes by GET, as some providers may be told to send them, is refused in words. */
  readonly signatureHeader?: string;
  /**
   * Over the raw bytes, the headers and the configured public URL; constant time. At once for the environment's account; a promise where the
   * secrets of another are to be looked up, which throws Unavailable while they cannot, and nothing else.
   */
  verify(delivery: RawDelivery): Verdict | Promise<Verdict>;
  /**
   * Pure: no clock, no network; a promise only where a library reads in no other way. What it throws makes the delivery FAILED, kept
   * and replayable.
   */
  normalize(delivery: VerifiedDelivery): NormalizedDelivery | Promise<NormalizedDelivery>;
  /** `voice`: that of the sender that `answeredBy` names, where it has one. */
  reply(delivery: VerifiedDelivery, voice?: VoiceAnswer): WebhookReply;
  /** The address of ours whose VoiceAnswer a caller waits for; undefined where nobody does. */
  answeredBy?(delivery: VerifiedDelivery): string | undefined;
  /** A GET's answer where its query asks to subscribe; undefined where it asks nothing. Constant time; a promise, and what it throws, as of `verify`. */
  challenge?(query: URLSearchParams): ChallengeAnswer | undefined | Promise<ChallengeAnswer>;
  /**
   * How the file of an attachment is asked for, from its `sourceUrl`. May ask the provider where it lies. `metadata`: that of its activity. What it
   * throws is tried again; with the answer's HTTP `status` on it, as long as such an answer deserves (a 410 not at all).
   */
  media?(sourceUrl: string, accountId: string, metadata: JsonObject): Promise<MediaRequest>;
  /** Absent where it does not send. */
  readonly outbound?: OutboundChannel;
  /** What the provider still lists, of this channel and perhaps of others of its; absent where it lists nothing, or another's list has it. */
  readonly list?: ProviderList;
  /** The bytes of a file that came with its delivery, by the attachment's key; undefined where there is none. */
  fileIn?(delivery: VerifiedDelivery, key: string): Promise<Buffer | undefined>;
  /** `status`: that of the event, or of the activity, that has the error. Undefined for a code that has no words here. */
  explain(code: string, status: ActivityStatus | null): ErrorExplanation | undefined;
}
