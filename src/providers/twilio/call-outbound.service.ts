import { checkInTime } from '../../core/adapters/failed-attempt.js';
import { Channel } from '../../core/adapters/channel.js';
import {
  type Outbound,
  type OutboundChannel,
  type OutboundMessage,
  type OutboundProblem,
  type SendOutcome,
} from '../../core/adapters/outbound.js';
import { attempt, given } from './attempt.service.js';
import { callRequest } from './call-instructions.js';
import { callbackUrl } from './callback-url.js';
import { checkCall } from './check-call.js';
import { type TwilioClient } from './twilio-client.service.js';

/** How Twilio places calls. */
export class CallOutbound implements OutboundChannel {
  readonly missingToSend: readonly string[];
  readonly secretToSend = 'authToken';

  constructor(private readonly client: TwilioClient) {
    this.missingToSend = client.missing;
  }

  check(outbound: OutboundMessage): OutboundProblem | undefined {
    return checkCall(outbound);
  }

  send(outbound: Outbound, accountId: string): Promise<SendOutcome> {
    return attempt(async () => {
      const sdk = await this.client.of(accountId);
      const request = callRequest(outbound, callbackUrl(this.client.publicUrl, Channel.VOICE, outbound.activityId));
      checkInTime(outbound, new Date());
      return () => sdk.calls.create(request);
    });
  }

  /** `completed` ends a call at any time, also before it is answered. Source: Twilio docs, Call resource, Update a Call. */
  async hangUp(externalId: string, accountId: string): Promise<void> {
    const sdk = await this.client.of(accountId);
    if (!(await given(sdk.calls(externalId).update({ status: 'completed' })))) throw new Error('Twilio knows no such call');
  }
}
