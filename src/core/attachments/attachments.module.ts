import { Module } from '@nestjs/common';
import { provideConfig } from '../../platform/config/config.module.js';
import { AttachmentErasureService } from './attachment-erasure.service.js';
import { AttachmentsResolver } from './attachments.resolver.js';
import { AttachmentsService } from './attachments.service.js';
import { DatabaseStorage } from './database-storage.service.js';
import { FileSource } from './file-source.service.js';
import { MediaConfig } from './media.config.js';
import { MediaController } from './media.controller.js';
import { MediaFetchService } from './media-fetch.service.js';
import { MediaFiles } from './media-files.service.js';
import { MediaLinks } from './media-links.service.js';
import { MediaService } from './media.service.js';
import { UploadsService } from './uploads.service.js';

/**
 * Attachments: the files that belong to activities, from the moment their provider names them until somebody looks at them.
 * Owns `attachment`, `media_object` and `media_key`. Imports `adapters`, `access`, `activities` and `conversations`.
 * Always: nothing is fetched before the answer to who named it, nor from anywhere but the provider's hosts; who holds a link reads one
 * file for a while; who asks for one is judged as for the activity.
 */
@Module({
  controllers: [MediaController],
  providers: [
    provideConfig(MediaConfig),
    AttachmentErasureService,
    AttachmentsResolver,
    AttachmentsService,
    DatabaseStorage,
    FileSource,
    MediaFetchService,
    MediaFiles,
    MediaLinks,
    MediaService,
    UploadsService,
  ],
  exports: [AttachmentsService, FileSource, MediaFiles, MediaLinks, UploadsService],
})
export class AttachmentsModule {}
