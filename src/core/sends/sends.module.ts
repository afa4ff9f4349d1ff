import { Global, Module } from '@nestjs/common';
import { provideConfig } from '../../platform/config/config.module.js';
import { Turnstile } from '../../platform/database/turnstile.service.js';
import { AttachmentsModule } from '../attachments/attachments.module.js';
import { DepartingService } from './departing.service.js';
import { DeparturesService } from './departures.service.js';
import { DueWorker } from './due.worker.js';
import { LostWorker } from './lost.worker.js';
import { OutcomesService } from './outcomes.service.js';
import { OutgoingFilesService } from './outgoing-files.service.js';
import { SendChangesService } from './send-changes.service.js';
import { SendErasureService } from './send-erasure.service.js';
import { SendLane } from './send-lane.service.js';
import { SendabilityService } from './sendability.service.js';
import { SendingAddressesService } from './sending-addresses.service.js';
import { SendsConfig } from './sends.config.js';
import { SendsResolver } from './sends.resolver.js';
import { SendsService } from './sends.service.js';
import { SentByResolver } from './sent-by.resolver.js';
import { SentByService } from './sent-by.service.js';
import { TemplatesService } from './templates.service.js';

/**
 * Sends: what a mutation asks to leave, from its acceptance to what its provider said of it.
 * Owns `send`, `send_item` and `send_pace`. Imports every room of the core to its left.
 * Always: one key is one send; an attempt is noted and committed before it begins, and one without a known outcome is never made again.
 */
@Global()
@Module({
  imports: [AttachmentsModule],
  providers: [
    provideConfig(SendsConfig),
    DepartingService,
    DeparturesService,
    DueWorker,
    LostWorker,
    OutcomesService,
    OutgoingFilesService,
    SendChangesService,
    SendErasureService,
    SendLane,
    SendabilityService,
    SendingAddressesService,
    SendsResolver,
    SendsService,
    SentByResolver,
    SentByService,
    TemplatesService,
    Turnstile,
  ],
  exports: [SendsService],
})
export class SendsModule {}
