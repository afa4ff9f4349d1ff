import { Global, Module } from '@nestjs/common';
import { AccountNotices } from './account-notices.service.js';
import { ActivitiesResolver } from './activities.resolver.js';
import { ActivitiesService } from './activities.service.js';
import { FeedListeningService } from './feed-listening.service.js';
import { FeedResolver } from './feed.resolver.js';
import { OrganizationWriter } from './organization-writer.service.js';
import { PresentationService } from './presentation.service.js';
import { RecorderService } from './recorder.service.js';
import { RecordingSteps } from './recording-steps.service.js';
import { TextsService } from './texts.service.js';

/**
 * Activities: one row for a call, message or email, the merge of all that was ever said of it.
 * Owns `activity`, `activity_html` and `reference`. Imports `adapters`, `access`, `organizations`, `contacts` and `feed`.
 * Always: the recorder alone writes; the order, grouping and repetition of what it is told do not show.
 */
@Global()
@Module({
  providers: [
    AccountNotices,
    ActivitiesResolver,
    ActivitiesService,
    FeedListeningService,
    FeedResolver,
    OrganizationWriter,
    PresentationService,
    RecorderService,
    RecordingSteps,
    TextsService,
  ],
  exports: [ActivitiesService, OrganizationWriter, PresentationService, RecorderService],
})
export class ActivitiesModule {}
