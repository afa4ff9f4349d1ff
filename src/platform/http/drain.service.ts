import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type Server } from 'node:http';

/** A request under way at a stop may finish within this. */
const PATIENCE_MS = 10_000;
/** What came meanwhile is cut so soon after that. */
const CUT_EVERY_MS = 500;

/** A stop lets requests finish, but not one that would never end. */
@Injectable()
export class DrainService implements OnModuleDestroy {
  constructor(private readonly http: HttpAdapterHost) {}

  onModuleDestroy(): void {
    const server = this.http.httpAdapter.getHttpServer() as Server;
    const cut = () => {
      server.closeAllConnections();
      setTimeout(cut, CUT_EVERY_MS).unref();
    };
    setTimeout(cut, PATIENCE_MS).unref();
  }
}
