import { type Callback, type Callbacks, type Playing } from './callbacks.service.js';
import { type Misbehavior, type Misbehaviors } from './misbehavior.js';
import { type ProviderDelivery, type SimulatedProvider } from './provider-delivery.js';
import { type RetryPolicy } from './retry-policy.js';
import { type AcceptedItem, type SeenRequest, type StandInMemory } from './stand-in-memory.js';
import { type StandInSecrets, type StandInSettings } from './stand-in-settings.js';

/** What all that the stand-in plays has in common. */
export interface Stage {
  readonly secrets: StandInSecrets;
  readonly settings: StandInSettings;
  /** Twilio's accounts and their auth tokens. */
  readonly twilioAccounts: ReadonlyMap<string, string>;
  readonly memory: StandInMemory;
  readonly misbehaviors: Misbehaviors;
  readonly callbacks: Callbacks;
  /** Where it listens. */
  readonly origin: () => string;
}

/** What becomes of one request. */
export interface Turn {
  readonly seen: SeenRequest;
  readonly misbehavior: Misbehavior | undefined;
  /** The life that it began. */
  playing?: Playing;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null for what is no request to a provider. */
    turn: Turn | null;
  }
}

/** A delivery to one of the server's own doors, as it is made. */
export function toOurDoor(delivery: ProviderDelivery, provider: SimulatedProvider, publicUrl: string, retry: RetryPolicy): Callback {
  const { tells, path, headers, body } = delivery;
  return { provider, tells, url: publicUrl + path, headers, body, retry };
}

export function accept({ memory }: Stage, item: Omit<AcceptedItem, 'at'>, at: Date): void {
  memory.accepted.add({ at: at.toISOString(), ...item });
}
