import { Global, Module } from '@nestjs/common';
import { provideConfig } from '../config/config.module.js';
import { HttpConfig } from './http.config.js';
import { DrainService } from './drain.service.js';
import { ServerFileService } from './server-file.service.js';

/**
 * HTTP: where the server listens, what it is called outside, and how often one may knock.
 * Owns DATA_DIR/server.json.
 */
@Global()
@Module({ providers: [provideConfig(HttpConfig), DrainService, ServerFileService], exports: [HttpConfig, ServerFileService] })
export class HttpModule {}
