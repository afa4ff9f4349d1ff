import { type DynamicModule, Global, Module } from '@nestjs/common';
import { HttpConfig } from '../../platform/http/http.config.js';
import { RateLimit } from '../../platform/http/rate-limit.js';
import { AttachmentsModule } from '../attachments/attachments.module.js';
import { DeliveriesResolver } from './deliveries.resolver.js';
import { DeliveryErasureService } from './delivery-erasure.service.js';
import { GroupCommitService } from './group-commit.service.js';
import { IngestService } from './ingest.service.js';
import { KeptBodies } from './kept-bodies.service.js';
import { LedgerService } from './ledger.service.js';
import { REFUSAL_HINT, type RefusalHint } from './refusal-hint.js';
import { REFUSED_LIMIT } from './refused-limit.js';
import { RejectionsService } from './rejections.service.js';
import { ReplayService } from './replay.service.js';
import { WebhookDoorService } from './webhook-door.service.js';
import { WebhookGuard } from './webhook.guard.js';

/**
 * Deliveries: the ledger of every request a provider made, and the way of one from the guard to the answer.
 * Owns `delivery`. Imports all rooms to its left.
 * Always: a 2xx means committed; only the guard makes a VerifiedDelivery; what was refused leaves one bounded line and nothing else.
 */
@Global()
@Module({
  imports: [AttachmentsModule],
  providers: [
    DeliveriesResolver,
    DeliveryErasureService,
    GroupCommitService,
    IngestService,
    KeptBodies,
    LedgerService,
    RejectionsService,
    ReplayService,
    WebhookDoorService,
    WebhookGuard,
    { provide: REFUSED_LIMIT, useFactory: (config: HttpConfig) => new RateLimit(config.RATE_LIMIT_REFUSED), inject: [HttpConfig] },
  ],
  exports: [IngestService, RejectionsService, REFUSED_LIMIT, WebhookDoorService, WebhookGuard],
})
export class DeliveriesModule {
  /** `refusalHint` ends the answer of a refused webhook. */
  static forRoot(refusalHint: RefusalHint): DynamicModule {
    return { module: DeliveriesModule, providers: [{ provide: REFUSAL_HINT, useValue: refusalHint }], exports: [REFUSAL_HINT] };
  }
}
