import { Injectable } from '@nestjs/common';
import { type OutboundTemplate, type Template } from '../../core/adapters/outbound.js';
import { Declined } from '../../platform/http/web-request.js';
import { GraphClient } from './graph-client.service.js';
import { readTemplate } from './message-template.js';
import { whatMetaSaid } from './meta-answers.js';
import { listAt, textAt } from './payload-fields.js';

const PAGE = 100;
/** An account has at most 6,000 templates. Source: Meta, Templates, Limits. */
const MOST_PAGES = 100;

/** The templates of a WhatsApp Business account. Source: Meta, WhatsApp Business Management API, Message templates. */
@Injectable()
export class GraphTemplates {
  constructor(private readonly graph: GraphClient) {}

  /** Throws what Meta said against it, or that nobody said which account. */
  list(accountId: string): Promise<readonly Template[]> {
    return this.read(accountId, {});
  }

  /** Without a language: the one of that name, where there is but one. */
  async find({ id, language }: Pick<OutboundTemplate, 'id' | 'language'>, accountId: string): Promise<Template | undefined> {
    // Meta gives what contains the name.
    const named = (await this.read(accountId, { name: id })).filter(({ name }) => name === id);
    return language === null ? (named.length === 1 ? named[0] : undefined) : named.find((template) => template.language === language);
  }

  private async read(accountId: string, search: Readonly<Record<string, string>>): Promise<readonly Template[]> {
    const account = await this.graph.accountOf(accountId);
    if (account.businessAccountId === undefined)
      throw new Error('WHATSAPP_BUSINESS_ACCOUNT_ID is not set: templates are those of a WhatsApp Business account.');
    const found: Template[] = [];
    let after: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const query = new URLSearchParams({
        ...(after && { after }),
        fields: 'name,language,status,components',
        limit: String(PAGE),
        ...search,
      });
      const answer = await this.graph
        .get(`/${encodeURIComponent(account.businessAccountId)}/message_templates?${query.toString()}`, account)
        .catch((error: unknown) => {
          throw error instanceof Declined ? whatMetaSaid(error.answer) : error;
        });
      found.push(...listAt(answer, 'data').flatMap((item) => readTemplate(item) ?? []));
      // By the cursor and not by `next`, whose host is Meta's whatever WHATSAPP_BASE_URL says.
      after = textAt(answer, 'paging', 'next') === undefined ? undefined : textAt(answer, 'paging', 'cursors', 'after');
      if (after === undefined) return found;
    }
    return found;
  }
}
