import { Injectable } from '@nestjs/common';
import { type Prisma } from '../../generated/prisma/client.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { LOWEST_ID } from '../../platform/database/new-id.service.js';
import {
  mailsCopied,
  mailsNaming,
  type Mention,
  type Mentioned,
  type MentionsPage,
  readMentions,
  writeMentions,
} from '../activities/erase-mentions.sql.js';
import { needlesOf, withoutMentions } from '../activities/mentions.js';
import { OrganizationWriter } from '../activities/organization-writer.service.js';
import { type Settled } from './settled.service.js';

const NOTHING: Settled = { id: LOWEST_ID, seq: 0 };
const PAGE = 10_000;
/** While the organization is held. */
const AT_ONCE = 1_000;

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

  /** Looks without the organization's lock, which it holds for what it found alone: through all that came after `since`. */
  async erase(organizationId: string, contactId: string, emails: readonly string[], since = NOTHING): Promise<void> {
    const addresses = emails.map((email) => email.toLowerCase());
    const mentioned: Mentioned = { organizationId, addresses, needles: needlesOf(addresses) };
    if (!mentioned.needles.length) return;
    const naming = await this.readAll(since.id, (after: string) => mailsNaming(mentioned, contactId, after, PAGE));
    const copied = await this.readAll(since.seq, (after: number) => mailsCopied(mentioned, after, PAGE));
    const found = [...new Set([...naming, ...copied])];
    for (let i = 0; i < found.length; i += AT_ONCE) await this.lessen(mentioned, found.slice(i, i + AT_ONCE));
  }

  private async readAll<Key>(first: Key, pageAfter: (after: Key) => Prisma.Sql): Promise<string[]> {
    const all: string[] = [];
    for (let after: Key | null = first; after !== null;) {
      const [page]: [MentionsPage<Key>] = await this.database.prisma.$queryRaw(pageAfter(after));
      all.push(...(page.found ?? []));
      after = page.last;
    }
    return all;
  }

  private async lessen(mentioned: Mentioned, ids: readonly string[]): Promise<void> {
    const { organizationId, needles } = mentioned;
    await this.writer.write(organizationId, async (tx) => {
      const read = await tx.$queryRaw<Mention[]>(readMentions(mentioned, ids));
      const less = read.flatMap((mention): Mention[] => {
        const metadata = mention.about ? {} : withoutMentions(mention.metadata, needles);
        return metadata ? [{ ...mention, metadata }] : [];
      });
      if (less.length) await tx.$queryRaw(writeMentions(organizationId, less, new Date()));
    });
  }
}
