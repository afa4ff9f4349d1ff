import { Injectable } from '@nestjs/common';
import { type JsonObject } from '../../core/adapters/activity-draft.js';
import { checkInTime, outcomeOfFailure } from '../../core/adapters/failed-attempt.js';
import {
  type Outbound,
  type OutboundChannel,
  type OutboundMessage,
  type OutboundProblem,
  type OutboundTemplate,
  type SendOutcome,
  type Template,
} from '../../core/adapters/outbound.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { checkMessage } from './check-message.js';
import { type GraphAccount, GraphClient } from './graph-client.service.js';
import { GraphTemplates } from './graph-templates.service.js';
import { messageRequest } from './message-request.js';
import { META_ANSWERS } from './meta-answers.js';
import { idAt, listAt } from './payload-fields.js';

/** How Meta sends messages. */
@Injectable()
export class MessageOutbound implements OutboundChannel {
  readonly missingToSend: readonly string[];
  readonly secretToSend = 'accessToken';

  constructor(
    private readonly graph: GraphClient,
    private readonly onFile: GraphTemplates,
  ) {
    this.missingToSend = graph.missing;
  }

  check(outbound: OutboundMessage): OutboundProblem | undefined {
    return checkMessage(outbound);
  }

  /** `from` is the phone number's id. Source: Meta, WhatsApp Cloud API, Messages. */
  async send(outbound: Outbound, accountId: string): Promise<SendOutcome> {
    let account: GraphAccount;
    let request: JsonObject;
    try {
      account = await this.graph.accountOf(accountId);
      request = messageRequest(outbound);
      checkInTime(outbound, new Date());
    } catch (error) {
      return { kind: 'NOT_SENT', reason: reasonOf(error) };
    }
    try {
      const answer = await this.graph.post(`/${encodeURIComponent(outbound.from)}/messages`, account, request);
      const externalId = idAt(listAt(answer, 'messages')[0], 'id');
      return externalId === undefined ? { kind: 'UNKNOWN', reason: 'Meta answered without an id' } : { kind: 'ACCEPTED', externalId };
    } catch (error) {
      return outcomeOfFailure(error, META_ANSWERS, Date.now());
    }
  }

  templates(accountId: string): Promise<readonly Template[]> {
    return this.onFile.list(accountId);
  }

  findTemplate(template: Pick<OutboundTemplate, 'id' | 'language'>, accountId: string): Promise<Template | undefined> {
    return this.onFile.find(template, accountId);
  }
}
