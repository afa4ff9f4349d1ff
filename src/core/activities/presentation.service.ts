import { Injectable } from '@nestjs/common';
import { type Language } from '../../platform/graphql/graphql-context.js';
import { AdapterRegistry } from '../adapters/adapter-registry.service.js';
import { type ProviderError } from '../adapters/activity-draft.js';
import { type Channel, type Provider } from '../adapters/channel.js';
import { type FeedEntry, type FeedEvent } from '../feed/feed-entry.js';
import { FeedPositionsService } from '../feed/feed-positions.service.js';
import { type FeedItem } from '../feed/feed-subscription.js';
import { type ActivityErrorModel, type ActivityEventModel, type ActivityModel } from './activity.model.js';
import { type ActivityRow } from './activity-row.js';
import { type FeedItemModel } from './feed-item.model.js';
import { type CursorOf, presentActivity, presentError, presentEvent } from './present-activity.js';

/** Activities, events and feed items as clients see them. */
@Injectable()
export class PresentationService {
  private readonly cursorOf: CursorOf;

  constructor(
    positions: FeedPositionsService,
    private readonly adapters: AdapterRegistry,
  ) {
    this.cursorOf = (organizationId, position) => positions.cursor(organizationId, position);
  }

  activity(row: ActivityRow): ActivityModel {
    return presentActivity(row, this.cursorOf);
  }

  event(event: FeedEvent, provider: Provider, language: Language): ActivityEventModel {
    return presentEvent(event, this.cursorOf, (error) => this.error(event.channel!, provider, error, language));
  }

  error(channel: Channel, provider: Provider, error: ProviderError, language: Language): ActivityErrorModel {
    return presentError(error, this.adapters.find(channel, provider)?.explain(error.code), language);
  }

  feedItem(organizationId: string, item: FeedItem, language: Language): FeedItemModel {
    if ('checkpoint' in item)
      return { organizationId, kind: 'CHECKPOINT', cursor: this.cursorOf(organizationId, item.checkpoint), activity: null, event: null };
    const { event, activity } = this.entry(item.entry, language);
    const created = item.entry.event.kind === 'CREATED';
    return { organizationId, kind: created ? 'CREATED' : 'UPDATED', cursor: event.cursor, activity, event: created ? null : event };
  }

  entry(entry: FeedEntry, language: Language): { activity: ActivityModel; event: ActivityEventModel } {
    const row = entry.activity as ActivityRow;
    return { activity: this.activity(row), event: this.event(entry.event, row.provider, language) };
  }
}
