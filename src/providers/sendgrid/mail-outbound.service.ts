import { Injectable } from '@nestjs/common';
import libmime from 'libmime';
import { type JsonObject } from '../../core/adapters/activity-draft.js';
import { Provider } from '../../core/adapters/channel.js';
import { emailReference } from '../../core/adapters/email-reference.js';
import { checkInTime, outcomeOfFailure } from '../../core/adapters/failed-attempt.js';
import {
  FileGone,
  type Outbound,
  type OutboundChannel,
  type OutboundMessage,
  type OutboundFile,
  type OutboundProblem,
  type SendOutcome,
} from '../../core/adapters/outbound.js';
import { ProviderAccountsService } from '../../core/organizations/provider-accounts.service.js';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { WebClient } from '../../platform/http/web-client.service.js';
import { checkMail } from './check-mail.js';
import { type EncodedFile, mailRequest } from './mail-request.js';
import { SENDGRID_ACCOUNT } from './sendgrid-account.js';
import { SENDGRID_ANSWERS } from './sendgrid-answers.js';
import { mailService, type MailService } from './sendgrid-client.service.js';
import { SendGridConfig } from './sendgrid.config.js';

type MailRequest = ReturnType<typeof mailRequest>;

/** How SendGrid sends mail. */
@Injectable()
export class MailOutbound implements OutboundChannel {
  readonly missingToSend: readonly string[];
  readonly secretToSend = 'apiKey';

  constructor(
    private readonly config: SendGridConfig,
    private readonly accounts: ProviderAccountsService,
    private readonly web: WebClient,
  ) {
    this.missingToSend = config.missingToSend;
  }

  check(outbound: OutboundMessage): OutboundProblem | undefined {
    return checkMail(outbound);
  }

  /** SendGrid makes it, and its events tell it. Source: SendGrid docs, Event Webhook Reference, `smtp-id`. */
  messageIdOf(metadata: JsonObject): string | undefined {
    const id = metadata['smtp-id'];
    return typeof id === 'string' ? /^<(.+)>$/.exec(id)?.[1] : undefined;
  }

  async send(outbound: Outbound, accountId: string): Promise<SendOutcome> {
    let service: MailService;
    let request: MailRequest;
    try {
      service = await this.serviceOf(accountId);
      request = mailRequest(outbound, await Promise.all(outbound.files.map(encoded)));
      checkInTime(outbound, new Date());
    } catch (error) {
      if (error instanceof FileGone) return { kind: 'REFUSED', error: { code: 'FILE_GONE', message: null } };
      return { kind: 'NOT_SENT', reason: reasonOf(error) };
    }
    try {
      const [response] = await service.send(request);
      return acceptedAs(response.headers, outbound.to);
    } catch (error) {
      return outcomeOfFailure(error, SENDGRID_ANSWERS, Date.now());
    }
  }

  private async serviceOf(accountId: string): Promise<MailService> {
    const key =
      accountId === SENDGRID_ACCOUNT
        ? this.config.SENDGRID_API_KEY
        : (await this.accounts.secretsOf(Provider.SENDGRID, accountId))?.secrets.apiKey;
    if (key === undefined) throw new Error('the account that sends has no API key');
    return mailService(key, this.config.SENDGRID_BASE_URL, this.web);
  }
}

/** SendGrid's id is that of the request; with the recipient it names the mail. Source: SendGrid docs, X-Message-ID. */
function acceptedAs(headers: unknown, to: string): SendOutcome {
  const id = (headers as Record<string, unknown>)['x-message-id'];
  if (typeof id !== 'string' || !id) return { kind: 'UNKNOWN', reason: 'SendGrid answered without an X-Message-Id' };
  return { kind: 'ACCEPTED', externalId: id, reference: emailReference(id, to) };
}

async function encoded(file: OutboundFile, index: number): Promise<EncodedFile> {
  const { fileName, contentType } = file;
  return {
    fileName: fileName ?? `attachment${index + 1}.${libmime.detectExtension(contentType)}`,
    contentType,
    base64: (await file.read()).toString('base64'),
  };
}
