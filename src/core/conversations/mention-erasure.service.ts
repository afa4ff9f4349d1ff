import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import { LOWEST_ID } from '../../platform/database/new-id.service.js';
import { findMentions, type Mention, type Mentioned, readMentions, writeMentions } from '../activities/erase-mentions.sql.js';
import { needlesOf, withoutMentions } from '../activities/mentions.js';
import { OrganizationWriter } from '../activities/organization-writer.service.js';

/**
 * Takes a person's address out of what others' mails say beside their content: whom a header names, and what became of a copy. What people wrote
 * stays theirs.
 */
@Injectable()
export class MentionErasureService {
  constructor(
    private readonly database: DatabaseService,
    private readonly writer: OrganizationWriter,
  ) {}

  /** Looks without the organization's lock, which it holds for what it found alone: of mails and events whose id is above `after`. */
  async erase(organizationId: string, contactId: string, emails: readonly string[], after = LOWEST_ID): Promise<void> {
    const addresses = emails.map((email) => email.toLowerCase());
    const mentioned: Mentioned = { organizationId, addresses, needles: needlesOf(addresses) };
    if (!mentioned.needles.length) return;
    const found = await this.database.prisma.$queryRaw<{ id: string }[]>(findMentions(mentioned, contactId, after));
    if (!found.length) return;
    const ids = found.map(({ id }) => id);
    await this.writer.write(organizationId, async (tx) => {
      const read = await tx.$queryRaw<Mention[]>(readMentions(mentioned, ids));
      const less = read.flatMap((mention): Mention[] => {
        const metadata = mention.about ? {} : withoutMentions(mention.metadata, mentioned.needles);
        return metadata ? [{ ...mention, metadata }] : [];
      });
      if (less.length) await tx.$queryRaw(writeMentions(organizationId, less, new Date()));
    });
  }
}
