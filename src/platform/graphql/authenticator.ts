import { type SocketHandle } from './graphql-context.js';

/** Injects the Authenticator: the room that knows credentials provides it. */
export const AUTHENTICATOR = Symbol('AUTHENTICATOR');

/** How the transport learns who asks, without knowing what a key is. */
export interface Authenticator {
  /** `authorization`: the header's value, `Bearer …`. Throws CodedError UNAUTHENTICATED. */
  authenticate(authorization: string | undefined): Promise<{ readonly actor: unknown; readonly rateKey: string }>;
  /** What that actor may see, in words that are the same for all who may see the same. */
  rightsOf(actor: unknown): string;
  /** Watches over an open socket of that actor: closes it (4403) once its credential ends. Returns what ends the watch. */
  watch(actor: unknown, socket: SocketHandle): () => void;
}
