import { Injectable } from '@nestjs/common';
import { type Language } from '../../platform/graphql/graphql-context.js';
import { AdapterRegistry } from '../adapters/adapter-registry.service.js';
import { type ProviderError } from '../adapters/activity-draft.js';
import { type ActivityStatus } from '../adapters/activity-status.js';
import { type Channel, type Provider } from '../adapters/channel.js';
import { type FeedEntry, type FeedEvent, mergedIntoOf } from '../feed/feed-entry.js';
import { FeedPositionsService } from '../feed/feed-positions.service.js';
import { type FeedItem } from '../feed/feed-subscription.js';
import { type ActivityErrorModel, type ActivityEventModel, type ActivityModel } from './activity.model.js';
import { type ActivityRow } from './activity-row.js';
import { type FeedItemModel } from './feed-item.model.js';
import { explainOwnError } from './own-errors.js';
import { type BodyOf, type CursorOf, presentActivity, presentError, presentEvent } from './present-activity.js';
import { TextsService } from './texts.service.js';

interface ErrorBearer {
  readonly channel: Channel;
  readonly provider: Provider;
  readonly status: ActivityStatus | null;
}

/** Activities, events and feed items as clients see them. */
@Injectable()
export class PresentationService {
  private readonly cursorOf: CursorOf;
  private readonly bodyOf: BodyOf;

  constructor(
    positions: FeedPositionsService,
    private readonly adapters: AdapterRegistry,
    texts: TextsService,
  ) {
    this.bodyOf = (activityId) => texts.body(activityId);
    this.cursorOf = (organizationId, position) => positions.cursor(organizationId, position);
  }

  activity(row: ActivityRow): ActivityModel {
    return presentActivity(row, this.cursorOf, this.bodyOf);
  }

  event(event: FeedEvent, provider: Provider, language: Language): ActivityEventModel {
    return presentEvent(event, this.cursorOf, (error) =>
      this.error({ channel: event.channel!, provider, status: event.status }, error, language),
    );
  }

  /** `of`: the activity or the event that has it. */
  error(of: ErrorBearer, error: ProviderError, language: Language): ActivityErrorModel {
    const adapter = this.adapters.find(of.channel, of.provider);
    return presentError(error, explainOwnError(error.code) ?? adapter?.explain(error.code, of.status), language);
  }

  feedItem(organizationId: string, item: FeedItem, language: Language): FeedItemModel {
    const about = { organizationId, activity: null, event: null, contactId: null, mergedIntoId: null };
    if ('checkpoint' in item) return { ...about, kind: 'CHECKPOINT', cursor: this.cursorOf(organizationId, item.checkpoint) };
    const { seq, id: eventId, kind, contactId } = item.entry.event;
    const cursor = this.cursorOf(organizationId, { seq, eventId });
    if (kind === 'READ' || kind === 'CONTACT')
      return { ...about, kind, cursor, contactId, mergedIntoId: mergedIntoOf(item.entry.event) ?? null };
    const { event, activity } = this.entry(item.entry, language);
    if (kind === 'ERASED') return { ...about, kind, cursor, contactId, activity };
    return kind === 'CREATED' ? { ...about, kind, cursor, activity } : { ...about, kind: 'UPDATED', cursor, activity, event };
  }

  entry(entry: FeedEntry, language: Language): { activity: ActivityModel; event: ActivityEventModel } {
    const row = entry.activity as ActivityRow;
    return { activity: this.activity(row), event: this.event(entry.event, row.provider, language) };
  }
}
