import { type Channel, type Provider } from './channel.js';

/** One HTTP request a provider made to us, as it came: nothing of it is to be believed yet. */
export interface RawDelivery {
  readonly id: string;
  readonly channel: Channel;
  readonly provider: Provider;
  /** Path and query, byte for byte as requested. */
  readonly url: string;
  /** Names in lower case; a repeated header is joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly receivedAt: Date;
  /** Where its adapter keeps what it read of the body, so that verifying, normalizing and answering read it once. Never stored. */
  readonly reading: { value?: unknown };
}

declare const verified: unique symbol;

/** A delivery whose signature held. Only the webhook guard makes one, and the ledger reads back what the guard let in. */
export interface VerifiedDelivery extends RawDelivery {
  /** The provider account whose secret verified it. */
  readonly accountId: string;
  /** The one organization that account serves; absent: all. What belongs to another is not recorded from it. */
  readonly servesOnly?: string;
  /** Set where it stands in the ledger already, and was read back from there. */
  readonly kept?: true;
  readonly [verified]: true;
}

/** An item that could not be understood or matched; `index` is its position in the batch. */
export interface DeliveryProblem {
  readonly index: number;
  readonly message: string;
}
