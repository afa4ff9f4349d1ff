import { Module } from '@nestjs/common';
import { AttachmentsResolver } from './attachments.resolver.js';
import { AttachmentsService } from './attachments.service.js';

/**
 * Attachments: the files that belong to activities. They are named here as their provider names them; fetching them comes later.
 * Owns `attachment`. Imports `activities`.
 */
@Module({ providers: [AttachmentsResolver, AttachmentsService], exports: [AttachmentsService] })
export class AttachmentsModule {}
