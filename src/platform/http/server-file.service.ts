import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseConfig } from '../database/database.config.js';
import { HttpConfig } from './http.config.js';

/** DATA_DIR/server.json: where the running server is, for the commands of this machine. */
@Injectable()
export class ServerFileService implements OnApplicationShutdown {
  private written = false;
  private readonly file: string;

  constructor(
    private readonly http: HttpConfig,
    database: DatabaseConfig,
  ) {
    this.file = join(database.DATA_DIR, 'server.json');
  }

  note(url: string): void {
    rmSync(this.file, { force: true });
    writeFileSync(this.file, JSON.stringify({ url, publicUrl: this.http.publicUrl, pid: process.pid }), { mode: 0o600 });
    this.written = true;
  }

  onApplicationShutdown(): void {
    if (this.written) rmSync(this.file, { force: true });
  }
}
