import { type Socket } from 'node:net';
import { type WebSocket } from 'ws';
import { type SocketHandle } from './graphql-context.js';

/** Why a socket is closed; the last two mean "come back with your cursor". */
export const CloseCode = { UNAUTHENTICATED: 4401, CREDENTIAL_ENDED: 4403, RESTART: 1012, COME_BACK: 1013 } as const;

export const GOODBYE_MS = 2_000;
/** A socket that has so much waiting to be read is too slow. */
const MOST_BUFFERED_BYTES = 8 << 20;

/** Writes one message. Resolves once the bytes are with the kernel: a slow reader holds back its own subscriptions, and nothing else. */
export function send(socket: WebSocket, data: string): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  if (socket.bufferedAmount > MOST_BUFFERED_BYTES) {
    handleOf(socket).close(CloseCode.COME_BACK, 'resume');
    return Promise.resolve();
  }
  return new Promise((done) => socket.send(data, () => done()));
}

/** The same for many, in one write to what carries the socket. */
export async function sendTogether(socket: WebSocket, carrier: Socket, messages: readonly string[]): Promise<void> {
  carrier.cork();
  const sent = messages.map((message) => send(socket, message));
  carrier.uncork();
  await Promise.all(sent);
}

/** Closes for good: who does not answer the farewell is cut off. */
export function handleOf(socket: WebSocket): SocketHandle {
  return {
    close(code, reason) {
      socket.close(code, reason);
      setTimeout(() => socket.terminate(), GOODBYE_MS).unref();
    },
  };
}
