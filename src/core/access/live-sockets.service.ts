import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { type SocketHandle } from '../../platform/graphql/graphql-context.js';
import { CloseCode } from '../../platform/graphql/socket-writes.js';
import { oneAtATime } from '../../platform/jobs/one-at-a-time.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { Log } from '../../platform/logging/log.service.js';
import { type Actor } from './actor.js';

/** Revoking on another process is seen by looking: well within the five seconds promised. */
const LOOK_EVERY_MS = 2_000;

/** The open sockets and the credentials they stand on: closes them with 4403 once those end. */
@Injectable()
export class LiveSocketsService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly byKey = new Map<string, Set<SocketHandle>>();
  private readonly expiring = new Map<SocketHandle, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: DatabaseService,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.endExpired();
      void this.endRevoked();
    }, LOOK_EVERY_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Watches an open socket; what it returns ends the watch. */
  watch(actor: Actor, socket: SocketHandle): () => void {
    const { keyId, expiresAt } = actor;
    if (keyId) {
      const sockets = this.byKey.get(keyId) ?? new Set();
      this.byKey.set(keyId, sockets.add(socket));
    }
    if (expiresAt) this.expiring.set(socket, expiresAt.getTime());
    return () => {
      this.expiring.delete(socket);
      const sockets = keyId && this.byKey.get(keyId);
      if (sockets && sockets.delete(socket) && !sockets.size) this.byKey.delete(keyId);
    };
  }

  /** Closes the sockets of a key. */
  end(keyId: string): void {
    for (const socket of this.byKey.get(keyId) ?? []) socket.close(CloseCode.CREDENTIAL_ENDED, 'This credential has ended');
  }

  private endExpired(): void {
    const now = Date.now();
    for (const [socket, at] of this.expiring) if (at <= now) socket.close(CloseCode.CREDENTIAL_ENDED, 'This credential has ended');
  }

  private readonly endRevoked = oneAtATime(async () => {
    if (!this.byKey.size) return;
    try {
      const ended = await this.database.prisma.apiKey.findMany({
        where: { id: { in: [...this.byKey.keys()] }, revokedAt: { not: null } },
        select: { id: true },
      });
      for (const { id } of ended) this.end(id);
    } catch (error) {
      this.log.warn('access.look_failed', { reason: reasonOf(error) });
    }
  });
}
