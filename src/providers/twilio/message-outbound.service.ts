import { checkInTime } from '../../core/adapters/failed-attempt.js';
import {
  type Outbound,
  type OutboundChannel,
  type OutboundMessage,
  type OutboundProblem,
  type SendOutcome,
} from '../../core/adapters/outbound.js';
import { attempt } from './attempt.service.js';
import { callbackUrl } from './callback-url.js';
import { checkMessage } from './check-message.js';
import { messageRequest, type MessageChannel } from './message-request.js';
import { type TwilioClient } from './twilio-client.service.js';

/** How Twilio sends messages: SMS, MMS and WhatsApp. */
export class MessageOutbound implements OutboundChannel {
  readonly missingToSend: readonly string[];
  readonly secretToSend = 'authToken';

  constructor(
    private readonly channel: MessageChannel,
    protected readonly client: TwilioClient,
  ) {
    this.missingToSend = client.missing;
  }

  check(outbound: OutboundMessage): OutboundProblem | undefined {
    return checkMessage(outbound, this.channel);
  }

  send(outbound: Outbound, accountId: string): Promise<SendOutcome> {
    return attempt(async () => {
      const sdk = await this.client.of(accountId);
      const request = messageRequest(outbound, this.channel, callbackUrl(this.client.publicUrl, this.channel, outbound.activityId));
      checkInTime(outbound, new Date());
      return () => sdk.messages.create(request);
    });
  }
}
