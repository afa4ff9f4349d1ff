import { Global, Module } from '@nestjs/common';
import { ContactChangesService } from './contact-changes.service.js';
import { ActivityContactResolver, ContactsResolver } from './contacts.resolver.js';
import { ContactConversationResolver, ConversationsResolver, FeedItemConversationResolver } from './conversations.resolver.js';
import { ConversationsService } from './conversations.service.js';
import { ErasureService } from './erasure.service.js';
import { MentionErasureService } from './mention-erasure.service.js';

/**
 * Conversations: contacts with their activities, as people read, change and erase them.
 * Owns no table. Imports all rooms from `activities` to the left.
 * Always: what is changed here is told in the feed; what was erased does not come back.
 */
@Global()
@Module({
  providers: [
    ActivityContactResolver,
    ContactChangesService,
    ContactConversationResolver,
    ContactsResolver,
    ConversationsResolver,
    ConversationsService,
    ErasureService,
    FeedItemConversationResolver,
    MentionErasureService,
  ],
  exports: [ErasureService],
})
export class ConversationsModule {}
