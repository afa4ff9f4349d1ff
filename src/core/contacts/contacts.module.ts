import { Global, Module } from '@nestjs/common';
import { ContactsService } from './contacts.service.js';

/**
 * Contacts: the other parties, how each is known, and whether they may be written to.
 * Owns `contact`, `contact_identity`, `consent` and `last_heard`. Imports `adapters`, `access` and `organizations`.
 * Always: an identity is one contact's of its organization; whoever writes here holds the organization's lock, and whoever merges,
 * erases or opts out counts it in `feed_head.merges`, so that what others remember of contacts ends.
 */
@Global()
@Module({ providers: [ContactsService], exports: [ContactsService] })
export class ContactsModule {}
