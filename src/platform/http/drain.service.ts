import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type Server } from 'node:http';

/** A request under way at a stop may finish within this. */
const PATIENCE_MS = 10_000;

/** A stop lets requests finish, but not one that would never end. */
@Injectable()
export class DrainService implements BeforeApplicationShutdown {
  constructor(private readonly http: HttpAdapterHost) {}

  beforeApplicationShutdown(): void {
    const server = this.http.httpAdapter.getHttpServer() as Server;
    setTimeout(() => server.closeAllConnections(), PATIENCE_MS).unref();
  }
}
