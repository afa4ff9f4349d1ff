import { Injectable } from '@nestjs/common';
import { decodeCursor, encodeCursor, type FeedPosition, isAtEvent, isOfOrganization } from './cursor.js';
import { EpochService } from './epoch.service.js';
import { FeedEventsService } from './feed-events.service.js';
import { cursorExpired, notAFeedCursor } from './feed.errors.js';

/** Cursors made of positions, and positions found again by cursors. */
@Injectable()
export class FeedPositionsService {
  constructor(
    private readonly epoch: EpochService,
    private readonly events: FeedEventsService,
  ) {}

  cursor(organizationId: string, position: FeedPosition): string {
    return encodeCursor(this.epoch.current, organizationId, position);
  }

  /** The seq a cursor stands at. Throws BAD_USER_INPUT for what is none of this feed, CURSOR_EXPIRED for what it no longer reaches. */
  async find(organizationId: string, cursor: string, field = 'after'): Promise<number> {
    const decoded = decodeCursor(cursor);
    if (!decoded || !isOfOrganization(decoded, organizationId)) throw notAFeedCursor(field);
    if (!decoded.epoch.equals(this.epoch.current)) throw cursorExpired();
    const at = await this.events.at(organizationId, decoded.seq);
    if (!at || decoded.seq > at.head.seq || !isAtEvent(decoded, at.eventId)) throw cursorExpired();
    return decoded.seq;
  }
}
