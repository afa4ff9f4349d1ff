import { Global, Module } from '@nestjs/common';
import { provideConfig } from '../config/config.module.js';
import { HttpConfig } from './http.config.js';
import { DrainService } from './drain.service.js';
import { ServerFileService } from './server-file.service.js';
import { WebClient } from './web-client.service.js';

/**
 * HTTP: where the server listens, what it is called outside, how often one may knock, and how others are asked.
 * Owns DATA_DIR/server.json.
 */
@Global()
@Module({
  providers: [provideConfig(HttpConfig), DrainService, ServerFileService, WebClient],
  exports: [HttpConfig, ServerFileService, WebClient],
})
export class HttpModule {}
