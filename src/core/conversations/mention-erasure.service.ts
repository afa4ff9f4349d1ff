import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import {
  activitiesNaming,
  type Mention,
  type Mentioned,
  type MentionsPage,
  readMentions,
  writeMentions,
} from '../activities/erase-mentions.sql.js';
import { needlesOf, withoutMentions } from '../activities/mentions.js';
import { OrganizationWriter } from '../activities/organization-writer.service.js';
import { type Settled } from './settled.service.js';

const PAGE = 10_000;
/** While the organization is held. */
const AT_ONCE = 1_000;

/**
 * Takes a person's addresses out of what others' mails, calls and messages say beside their content: whom a header names, what became of a copy, a call's agent,
 * whom a call was forwarded from. What people wrote stays theirs.
 */
@Injectable()
export class MentionErasureService {
  constructor(
    private readonly database: DatabaseService,
    private readonly writer: OrganizationWriter,
  ) {}

  /** Looks without the organization's lock, which it holds for what it found alone: through all that came after `since`. */
  async erase(
    organizationId: string,
    contactId: string,
    known: readonly string[],
    since: Pick<Settled, 'seq'> = { seq: 0 },
  ): Promise<void> {
    const addresses = known.map((address) => address.toLowerCase());
    const mentioned: Mentioned = { organizationId, addresses, needles: needlesOf(addresses) };
    if (!mentioned.needles.length) return;
    const found = new Set<string>();
    for (let after: number | null = since.seq; after !== null;) {
      const [page]: [MentionsPage] = await this.database.prisma.$queryRaw(activitiesNaming(mentioned, contactId, after, PAGE));
      for (const id of page.found ?? []) found.add(id);
      after = page.last;
    }
    const all = [...found];
    for (let i = 0; i < all.length; i += AT_ONCE) await this.lessen(mentioned, all.slice(i, i + AT_ONCE));
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
