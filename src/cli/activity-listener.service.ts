import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { CommandError } from './command-error.js';
import { type MessageChannel } from './inbound-message.js';
import { type Connection, keyRefused } from './running-server.service.js';

export interface ListenedActivity {
  readonly externalId: string | null;
  readonly [field: string]: unknown;
}

export interface ActivityListener {
  /** The subscription is with the server: from here on the time to arrival means something. Rejects with CommandError. */
  readonly live: Promise<void>;
  /** The activity, and when it arrived (`performance.now()`). Rejects with CommandError. */
  readonly arrival: Promise<{ readonly activity: ListenedActivity; readonly arrivedAtMs: number }>;
  close(): void;
}

/** graphql-transport-ws acknowledges no subscription: this long after the handshake, and one round trip more, it has been taken up. */
const SUBSCRIBE_MS = 50;
const CLOSE_MS = 250;

const SUBSCRIPTION = `subscription ($organizationId: ID!, $channels: [Channel!], $after: Cursor) {
  activityCreated(organizationId: $organizationId, channels: $channels, after: $after) {
    id organizationId channel direction status from to body provider externalId occurredAt cursor
  }
}`;

/** Waits on a live subscription for the activity with this provider's id. Starting at `after`, it can miss nothing, whatever is slow. */
export function listenForActivity(
  connection: Connection,
  wanted: { organizationId: string; channel: MessageChannel; after: string; externalId: string },
): ActivityListener {
  const live = deferred<void>();
  const arrival = deferred<{ activity: ListenedActivity; arrivedAtMs: number }>();
  const fail = (error: CommandError) => [live, arrival].forEach(({ reject }) => reject(error));
  let socket: WebSocket | undefined;

  const client = createClient({
    url: `${connection.url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${connection.key}` },
    connectionAckWaitTimeout: 5000,
    retryAttempts: 0,
    on: {
      opened: (opened) => (socket = opened as WebSocket),
      connected: () => setTimeout(() => socket?.send(JSON.stringify({ type: 'ping' })), SUBSCRIBE_MS),
      pong: (received) => received && live.resolve(),
    },
  });
  client.subscribe<{ activityCreated: ListenedActivity }>(
    { query: SUBSCRIPTION, variables: { organizationId: wanted.organizationId, channels: [wanted.channel], after: wanted.after } },
    {
      next: ({ data, errors }) => {
        const arrivedAtMs = performance.now();
        if (errors) fail(subscriptionFailed(connection, errors));
        else if (data?.activityCreated.externalId === wanted.externalId) arrival.resolve({ activity: data.activityCreated, arrivedAtMs });
      },
      error: (reason) => fail(subscriptionFailed(connection, reason)),
      complete: () => fail(new CommandError('The server ended the subscription before the activity came.')),
    },
  );
  return {
    live: live.promise,
    arrival: arrival.promise,
    close: () => {
      void client.dispose();
      setTimeout(() => socket?.terminate(), CLOSE_MS).unref(); // a server that does not answer the close keeps nobody waiting
    },
  };
}

/** `reason`: GraphQL errors, a close event, or whatever the socket threw. */
function subscriptionFailed(connection: Connection, reason: unknown): CommandError {
  if (Array.isArray(reason))
    return new CommandError(`The subscription was refused: ${(reason as { message: string }[]).map(({ message }) => message).join('; ')}`);
  const { code, reason: words, message } = reason as { code?: unknown; reason?: string; message?: string };
  if (code === 4401 || code === 4403) return keyRefused(connection);
  return new CommandError(`The WebSocket to ${connection.url}/graphql failed: ${words || message || `closed with code ${String(code)}`}`);
}

/** A promise settled from outside; one that nobody awaits rejects in silence. */
function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((settle, refuse) => ((resolve = settle), (reject = refuse)));
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
