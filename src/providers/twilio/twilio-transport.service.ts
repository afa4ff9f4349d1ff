import type RequestClient from 'twilio/lib/base/RequestClient.js';
import { type WebClient } from '../../platform/http/web-client.service.js';
import { accepted, jsonOf } from '../../platform/http/web-request.js';
import { formOf, reachedAt } from './sdk-request.js';

/** What the SDK reads of an answer. */
type SdkResponse = Pick<Awaited<ReturnType<RequestClient['request']>>, 'statusCode' | 'body' | 'headers'>;

/**
 * What the official SDK asks Twilio with, in place of its own client: it knows whether a request had left, and goes to TWILIO_BASE_URL where that
 * is set (the SDK's region and edge only change the host's name). Asks once: the SDK's autoRetry is its own client's. An answer other than 2xx is
 * thrown as Declined, with its headers, which the SDK's own error leaves out.
 */
export class TwilioTransport {
  constructor(
    private readonly web: WebClient,
    private readonly baseUrl: string | undefined,
  ) {}

  async request({ method, uri, username = '', password = '', headers, params, data }: RequestClient.RequestOptions): Promise<SdkResponse> {
    const answer = accepted(
      await this.web.send({
        method,
        url: reachedAt(uri, params, this.baseUrl),
        headers: { ...(headers as Record<string, string>), authorization: basic(username, password) },
        ...(data !== undefined && { body: formOf(data as object) }),
      }),
    );
    // What is no JSON stays text, and the SDK's own parsing fails at it.
    return { statusCode: answer.status, body: jsonOf(answer) ?? answer.body, headers: answer.headers };
  }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
