import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { type AddressInfo } from 'node:net';
import sendGrid from '@sendgrid/client';
import twilio from 'twilio';
import { StandIn, type StandInOptions } from '../../src/sandbox/stand-in.service.js';
import { type StandInSecrets } from '../../src/sandbox/stand-in-settings.js';
import { type ServerKind, type ServerOptions, TestServer } from './server.js';

/** What the stand-in is started with, and what a server is started with that is to use it. */
export interface StandInWorld {
  readonly standIn: StandIn;
  readonly secrets: StandInSecrets;
  /** The environment of a server: the providers' credentials, and where they are. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A stand-in with secrets of its own, which calls `publicUrl`. */
export async function startStandIn(options: Partial<StandInOptions> = {}): Promise<StandInWorld> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const secrets = {
    TWILIO_ACCOUNT_SID: `AC${randomBytes(16).toString('hex')}`,
    TWILIO_AUTH_TOKEN: randomBytes(16).toString('hex'),
    SENDGRID_API_KEY: `SG.${randomBytes(16).toString('base64url')}.${randomBytes(32).toString('base64url')}`,
    SENDGRID_SIGNING_KEY: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    WHATSAPP_ACCESS_TOKEN: `EAA${randomBytes(32).toString('hex')}`,
    WHATSAPP_APP_SECRET: randomBytes(16).toString('hex'),
  };
  const standIn = await StandIn.start({ secrets, ...options });
  const environment = {
    ...Object.fromEntries(Object.entries(secrets).filter(([name]) => name !== 'SENDGRID_SIGNING_KEY')),
    ...standIn.baseUrls,
    SENDGRID_WEBHOOK_KEY: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    WHATSAPP_VERIFY_TOKEN: randomBytes(16).toString('hex'),
    WHATSAPP_BUSINESS_ACCOUNT_ID: '102290129340398',
  };
  return { standIn, secrets, environment };
}

/** A server whose providers are a stand-in in this process: it outlives the server, and calls it. */
export async function startServerWithStandIn<Server extends TestServer = TestServer>(
  options: ServerOptions & { readonly standIn?: Partial<StandInOptions> } = {},
  kind = TestServer as unknown as ServerKind<Server>,
): Promise<StandInWorld & { readonly server: Server }> {
  const world = await startStandIn(options.standIn);
  const server = await kind.start({ ...options, env: { ...world.environment, ...options.env } });
  world.standIn.configure({ publicUrl: server.publicUrl, deliverTo: server.url });
  return { ...world, server };
}

/** Twilio's official client, sent to `baseUrl`. */
export function twilioClient({ TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN }: StandInSecrets, baseUrl: string): twilio.Twilio {
  const httpClient = new twilio.RequestClient({ timeout: 5000 });
  const request = httpClient.request.bind(httpClient);
  httpClient.request = (options) => request({ ...options, uri: options.uri.replace(/^https:\/\/[^/]+/, baseUrl) });
  return twilio(TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, { httpClient });
}

/** SendGrid's official client, sent to `baseUrl`. */
export function sendGridClient({ SENDGRID_API_KEY }: Pick<StandInSecrets, 'SENDGRID_API_KEY'>, baseUrl: string): typeof sendGrid {
  const client = new (sendGrid.constructor as new () => typeof sendGrid)();
  client.setApiKey(SENDGRID_API_KEY);
  client.setDefaultRequest('baseUrl', baseUrl);
  return client;
}

export interface HeardRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Hears what a provider calls, and answers as it is told. */
export class Ear {
  readonly heard: HeardRequest[] = [];
  /** What is answered; `destroy` breaks the connection. */
  answer: (request: HeardRequest) => { status?: number; type?: string; body?: string } | 'destroy' = () => ({});

  private constructor(private readonly server: http.Server) {}

  static async start(): Promise<Ear> {
    const server = http.createServer();
    const ear = new Ear(server);
    server.on('request', (request, response) => void ear.hear(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return ear;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The forms that came to a path, as objects. */
  forms(path?: string): Record<string, string>[] {
    return this.heard
      .filter((one) => path === undefined || one.path === path)
      .map(({ body }) => Object.fromEntries(new URLSearchParams(body.toString())));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async hear(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const heard = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts) };
    this.heard.push(heard);
    const answer = this.answer(heard);
    if (answer === 'destroy') return void request.socket.destroy();
    response.writeHead(answer.status ?? 200, answer.type ? { 'content-type': answer.type } : {}).end(answer.body);
  }
}
