import { Injectable } from '@nestjs/common';
import type RequestClient from 'twilio/lib/base/RequestClient.js';
import Twilio from 'twilio/lib/rest/Twilio.js';
import { HttpConfig } from '../../platform/http/http.config.js';
import { WebClient } from '../../platform/http/web-client.service.js';
import { TwilioVerifier } from './twilio-verifier.service.js';
import { TwilioTransport } from './twilio-transport.service.js';
import { TwilioConfig } from './twilio.config.js';

/** The official SDK, for each account. */
@Injectable()
export class TwilioClient {
  private readonly transport: TwilioTransport;

  constructor(
    private readonly config: TwilioConfig,
    private readonly http: HttpConfig,
    private readonly verifier: TwilioVerifier,
    web: WebClient,
  ) {
    this.transport = new TwilioTransport(web, config.TWILIO_BASE_URL);
  }

  /** What the environment's account still wants before it can send. */
  get missing(): readonly string[] {
    return this.config.missingToSend;
  }

  /** Where Twilio finds us. */
  get publicUrl(): string {
    return this.http.publicUrl;
  }

  /** Throws where the account has no token any more, or it cannot be read now. Made anew each time: it takes 14 µs, and a token may change. */
  async of(accountId: string): Promise<Twilio> {
    const token = await this.verifier.tokenOf(accountId);
    if (token === undefined) throw new Error('the account that sends is not configured any more');
    return new Twilio(accountId, token, { httpClient: this.transport as unknown as RequestClient });
  }
}
