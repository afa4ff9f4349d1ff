import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { CommandError } from './command-error.js';
import { type HeardActivity, type HeardItem } from './heard-item.js';
import { ask, type Connection, KeyRefused } from './running-server.service.js';

export interface ActivityListener {
  /** The subscription is with the server: from here on the time to arrival means something. Rejects with CommandError. */
  readonly live: Promise<void>;
  /** The item that fulfils what was waited for. Rejects with CommandError. */
  readonly fulfilled: Promise<HeardItem>;
  close(): void;
}

/** What is waited for, on the feed of one organization. */
export interface Wanted {
  readonly channel: string;
  readonly organizationId: string;
  /** A cursor of that feed. */
  readonly after: string;
  /** Told of each item of the channel about an activity, in the feed's order; true once it is the last that matters. */
  readonly hear: (item: HeardItem) => boolean;
}

/** graphql-transport-ws acknowledges no subscription: this long after the handshake, and one round trip more, it has been taken up. */
const SUBSCRIBE_MS = 50;
const CLOSE_MS = 250;
const LIVE_TIMEOUT_MS = 5000;

const SUBSCRIPTION = `subscription ($organizationId: ID!, $channels: [Channel!], $after: Cursor) {
  activityFeed(organizationId: $organizationId, channels: $channels, after: $after) {
    kind
    event { kind status metadata }
    activity {
      id organizationId channel direction status durationSeconds from to subject body attachments { contentType state }
      provider externalId occurredAt cursor error { code message hint }
    }
  }
}`;

/** Where the feed stands now. Throws CommandError. */
export async function readHead(connection: Connection, organizationId: string): Promise<string> {
  const query = 'query ($organizationId: ID!) { activities(organizationId: $organizationId, first: 1) { feedCursor } }';
  const { activities } = await ask<{ activities: { feedCursor: string } }>(connection, query, { organizationId });
  return activities.feedCursor;
}

/** Hears on a live subscription what becomes of activities. Starting at `after`, it can miss nothing, whatever is slow. */
export function listenForActivity(connection: Connection, wanted: Wanted): ActivityListener {
  const live = deferred<void>();
  const fulfilled = deferred<HeardItem>();
  const fail = (error: CommandError) => [live, fulfilled].forEach(({ reject }) => reject(error));
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
  client.subscribe<{ activityFeed: Omit<HeardItem, 'activity' | 'atMs'> & { activity: HeardActivity | null } }>(
    { query: SUBSCRIPTION, variables: { organizationId: wanted.organizationId, channels: [wanted.channel], after: wanted.after } },
    {
      next: ({ data, errors }) => {
        const atMs = performance.now();
        if (errors) fail(subscriptionFailed(connection, errors));
        const { activity, ...item } = data?.activityFeed ?? {};
        if (!activity) return;
        const heard = { ...item, activity, atMs } as HeardItem;
        if (wanted.hear(heard)) fulfilled.resolve(heard);
      },
      error: (reason) => fail(subscriptionFailed(connection, reason)),
      complete: () => fail(new CommandError('The server ended the subscription before the activity came.')),
    },
  );
  return {
    live: within(
      LIVE_TIMEOUT_MS,
      live.promise,
      () => `The WebSocket to ${connection.url}/graphql opened, and no subscription became live within ${LIVE_TIMEOUT_MS / 1000} s.`,
    ),
    fulfilled: fulfilled.promise,
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
  if (code === 4401 || code === 4403) return new KeyRefused(connection);
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

/** The promise's value, or a CommandError with what `late` says. */
export async function within<T>(limitMs: number, promise: Promise<T>, late: () => string | Promise<string>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), limitMs)));
  const first = await Promise.race([promise.then((value) => ({ value })), timeout]).finally(() => clearTimeout(timer));
  if (first === 'late') throw new CommandError(await late());
  return first.value;
}
