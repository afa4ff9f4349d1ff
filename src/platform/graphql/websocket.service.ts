import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { execute } from 'graphql';
import { CloseCode as ProtocolCode, handleProtocols, makeServer, MessageType, type ServerOptions } from 'graphql-ws';
import { type IncomingMessage, type Server as HttpServer } from 'node:http';
import { type Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { CodedError, ErrorCode } from '../errors/coded-error.js';
import { HttpConfig } from '../http/http.config.js';
import { Log } from '../logging/log.service.js';
import { AUTHENTICATOR, type Authenticator } from './authenticator.js';
import { type Language, languageOf } from './graphql-context.js';
import { OperationIds } from './operation-ids.js';
import { isOriginAllowed } from './origin.js';
import { parameterOf } from './parameter-of.js';
import { type Extra, type SocketContext, SocketOperations } from './socket-operations.service.js';
import { CloseCode, GOODBYE_MS, handleOf, send } from './socket-writes.js';

const PATH = '/graphql';
const PING_MS = 12_000;
const MAX_MESSAGE_BYTES = 1 << 20;

/**
 * GraphQL over WebSocket (graphql-transport-ws) on /graphql. The one upgrade listener of the server: @nestjs/graphql's own lets a
 * reset of an upgrade to another path end the process (GHSA-8www-f354-mh8p), so it is not used.
 */
@Injectable()
export class WebsocketService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols,
    perMessageDeflate: false,
  });

  constructor(
    private readonly http: HttpAdapterHost,
    private readonly operations: SocketOperations,
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    private readonly config: HttpConfig,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    const server = this.http.httpAdapter.getHttpServer() as HttpServer;
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => this.upgrade(request, socket, head));
    const protocol = makeServer(this.options());
    this.sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => this.open(protocol, socket, request));
  }

  /** Every client is told to come back before the server stops listening; one that does not answer is not waited for. */
  async beforeApplicationShutdown(): Promise<void> {
    const closed = new Promise<void>((done) => this.sockets.close(() => done()));
    for (const socket of this.sockets.clients) socket.close(CloseCode.RESTART, 'resume');
    await Promise.race([closed, new Promise((done) => setTimeout(done, GOODBYE_MS).unref())]);
    for (const socket of this.sockets.clients) socket.terminate();
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Without a listener the reset of a socket still in its handshake ends the process.
    socket.on('error', () => socket.destroy());
    // Not `new URL`: it throws on `GET //`.
    const path = request.url?.split('?', 1)[0];
    if (path !== PATH && path !== `${PATH}/`) return refuse(socket, '404 Not Found');
    if (!isOriginAllowed(request.headers.origin, request.headers.host, this.config.publicUrl, this.config.corsOrigins))
      return refuse(socket, '403 Forbidden');
    this.sockets.handleUpgrade(request, socket, head, (opened) => this.sockets.emit('connection', opened, request));
  }

  private open(protocol: ReturnType<typeof makeServer<Record<string, unknown>, Extra>>, socket: WebSocket, request: IncomingMessage): void {
    socket.on('error', () => socket.terminate());
    let heard = true;
    socket.on('pong', () => (heard = true));
    const pings = setInterval(() => {
      if (!heard) return socket.terminate();
      heard = false;
      socket.ping();
    }, PING_MS);
    const extra: Extra = { socket, request, ids: new OperationIds(), written: Promise.resolve() };
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => {
          const text = extra.ids.write(data);
          if (text !== undefined) return send(socket, text);
        },
        close: (code, reason) => socket.close(code, reason),
        onPing: (payload) => answerPing(socket, payload),
        onMessage: (listener) => socket.on('message', (data) => this.receive(extra, listener, data)),
      },
      extra,
    );
    socket.once('close', (code, reason) => {
      clearInterval(pings);
      void closed(code, String(reason));
    });
  }

  /** A socket that was told to go is not listened to any more. */
  private receive({ socket, ids }: Extra, listener: (message: string) => Promise<void>, data: unknown): void {
    if (socket.readyState !== socket.OPEN) return;
    const message = ids.read(String(data));
    if (typeof message !== 'string') return socket.close(message.code, message.reason);
    listener(message).catch((error: unknown) => {
      this.log.error('socket.message_failed', error);
      socket.close(1011, 'Something went wrong on our side');
    });
  }

  private options(): ServerOptions<Record<string, unknown>, Extra> {
    return {
      onConnect: async (context) => {
        const { socket } = context.extra;
        try {
          context.extra.language = languageIn(context);
          context.extra.who = await this.authenticator.authenticate(authorizationOf(context));
        } catch (error) {
          if (!(error instanceof CodedError)) this.log.error('socket.authentication_failed', error);
          socket.close(
            error instanceof CodedError ? CloseCode.UNAUTHENTICATED : CloseCode.COME_BACK,
            error instanceof CodedError ? 'Unauthorized' : 'Try again',
          );
          return false;
        }
        if (socket.readyState !== socket.OPEN) return false;
        socket.once('close', this.authenticator.watch(context.extra.who.actor, handleOf(socket)));
        return true;
      },
      onSubscribe: (context, id, payload) => this.operations.read(context, id, payload),
      execute: (args) => execute(args),
      subscribe: (args) => this.operations.subscribe(args),
      onError: (_context, _id, _payload, errors) => errors.map((error) => this.operations.describe(error)),
      onNext: (_context, _id, _payload, _args, result) => this.operations.shown(result),
    };
  }
}

/** With what came: of lists in lists without end nothing can be made. */
async function answerPing(socket: WebSocket, payload: unknown): Promise<void> {
  let text: string;
  try {
    text = JSON.stringify({ type: MessageType.Pong, ...(payload !== undefined && { payload }) });
  } catch {
    return socket.close(ProtocolCode.BadRequest, 'Invalid message received');
  }
  await send(socket, text);
}

/** `connectionParams: { authorization: "Bearer …" }`, or the upgrade's own header. */
function authorizationOf(context: SocketContext): string | undefined {
  const given = parameterOf(context.connectionParams, 'authorization');
  if (given === undefined) return context.extra.request.headers.authorization;
  if (typeof given !== 'string')
    throw new CodedError(ErrorCode.UNAUTHENTICATED, 'connectionParams.authorization must be text: "Bearer <API key or JWT>".');
  return given;
}

/** A page cannot set a header of its socket's upgrade: what its `connectionParams` say counts first. */
function languageIn({ connectionParams, extra: { request } }: SocketContext): Language {
  const given = parameterOf(connectionParams, 'accept-language');
  return languageOf(typeof given === 'string' ? given : request.headers['accept-language']);
}

/** Whoever is refused may never close: nobody reads here, so what it goes on sending would keep the socket for ever. */
function refuse(socket: Duplex, status: string): void {
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
