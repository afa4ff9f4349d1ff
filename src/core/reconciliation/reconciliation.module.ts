import { Module } from '@nestjs/common';
import { provideConfig } from '../../platform/config/config.module.js';
import { AttachmentsModule } from '../attachments/attachments.module.js';
import { ComparingService } from './comparing.service.js';
import { ListedAccounts } from './listed-accounts.service.js';
import { ListedRecorder } from './listed-recorder.service.js';
import { PositionsService } from './positions.service.js';
import { ReconciliationConfig } from './reconciliation.config.js';
import { ReconciliationWorker } from './reconciliation.worker.js';

/**
 * Reconciliation: what a provider still lists and we lack, recorded behind its back.
 * Owns `reconciliation`. Imports every room of the core to its left; nobody imports it.
 * Always: an account's position moves only behind what is recorded; nothing is recorded twice, nothing erased comes back, and what may be a send
 * of ours under way is left alone.
 */
@Module({
  imports: [AttachmentsModule],
  providers: [
    provideConfig(ReconciliationConfig),
    ComparingService,
    ListedAccounts,
    ListedRecorder,
    PositionsService,
    ReconciliationWorker,
  ],
})
export class ReconciliationModule {}
