import { Global, Module } from '@nestjs/common';
import { EpochService } from './epoch.service.js';
import { FeedEventsService } from './feed-events.service.js';
import { FeedHub } from './feed-hub.service.js';
import { FeedPositionsService } from './feed-positions.service.js';
import { FeedPubSub } from './feed-pub-sub.service.js';
import { PUB_SUB } from './pub-sub.js';

/**
 * The feed: what happened in an organization, in the order it was committed.
 * Owns `event`, `feed_head.seq` and `feed_epoch`. Imports `adapters`, `access`, `organizations` and `contacts`; what an activity is, it is told.
 * Always: a reader that saw seq n will never later find a new row at or below n; no number is skipped.
 */
@Global()
@Module({
  providers: [EpochService, FeedEventsService, FeedHub, FeedPositionsService, FeedPubSub, { provide: PUB_SUB, useExisting: FeedPubSub }],
  exports: [EpochService, FeedEventsService, FeedHub, FeedPositionsService, PUB_SUB],
})
export class FeedModule {}
