import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../config/make-folder.service.js';
import { DatabaseConfig } from '../database/database.config.js';
import { reasonOf } from '../errors/reason-of.js';
import { Log } from '../logging/log.service.js';
import { HttpConfig } from './http.config.js';

/** DATA_DIR/server.json: where the running server is, for the commands of this machine. */
@Injectable()
export class ServerFileService implements OnApplicationShutdown {
  private written = false;
  private readonly file: string;

  constructor(
    private readonly http: HttpConfig,
    private readonly database: DatabaseConfig,
    private readonly log: Log,
  ) {
    this.file = join(database.DATA_DIR, 'server.json');
  }

  /** With a database elsewhere nothing else may need the folder: where it cannot be had, the commands alone must be told where the server is. */
  note(url: string): void {
    try {
      makeFolder(this.database.DATA_DIR, 0o700);
      rmSync(this.file, { force: true });
      writeFileSync(this.file, JSON.stringify({ url, publicUrl: this.http.publicUrl, pid: process.pid }), { mode: 0o600 });
      this.written = true;
    } catch (error) {
      this.log.warn('server.file_not_written', { file: this.file, reason: reasonOf(error) });
    }
  }

  onApplicationShutdown(): void {
    if (this.written && this.isOurs()) rmSync(this.file, { force: true });
  }

  /** Several processes may work from one folder: the newest is named there. */
  private isOurs(): boolean {
    try {
      return (JSON.parse(readFileSync(this.file, 'utf8')) as { pid?: unknown }).pid === process.pid;
    } catch {
      return false;
    }
  }
}
