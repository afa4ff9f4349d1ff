import { Inject, Injectable } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import {
  createSourceEventStream,
  type ExecutionArgs,
  execute,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
} from 'graphql';
import { type Context, MessageType, type SubscribePayload } from 'graphql-ws';
import { type IncomingMessage } from 'node:http';
import { type WebSocket } from 'ws';
import { ErrorCode } from '../errors/coded-error.js';
import { RateLimit } from '../http/rate-limit.js';
import { Log } from '../logging/log.service.js';
import { AUTHENTICATOR, type Authenticator } from './authenticator.js';
import { describeError } from './describe-error.js';
import { EventDelivery } from './event-delivery.js';
import { type EventSource } from './event-source.js';
import { type GraphqlContext, type Language } from './graphql-context.js';
import { GRAPHQL_LIMIT } from './graphql-limit.js';
import { HeldSubscriptions } from './held-subscriptions.js';
import { rateLimited } from './operation-gate.plugin.js';
import { type OperationIds } from './operation-ids.js';
import { refuseCost } from './query-cost.js';
import { refuseVariables } from './refuse-variables.js';
import { shareKey } from './share-key.js';
import { SharedResults } from './shared-results.js';
import { handleOf, sendTogether } from './socket-writes.js';
import { ValidDocuments } from './valid-documents.js';

/** What is known of a socket. */
export interface Extra extends Record<PropertyKey, unknown> {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  readonly ids: OperationIds;
  /** When the events that wait are written: those of one subscription after those of another, or all of them together would be too much for it. */
  written: Promise<void>;
  who?: Awaited<ReturnType<Authenticator['authenticate']>>;
  /** Chosen once, as the socket is opened. */
  language?: Language;
}
export type SocketContext = Context<Record<string, unknown>, Extra>;

/** What an operation is executed by, and of a subscription who listens. */
interface Operation extends ExecutionArgs {
  readonly listener?: { readonly extra: Extra; readonly id: string; readonly group: string };
}

/** Operations by sockets: refused, or executed. */
@Injectable()
export class SocketOperations {
  private documents: ValidDocuments | undefined;
  private readonly shared = new SharedResults();
  private readonly held = new HeldSubscriptions();

  constructor(
    private readonly schema: GraphQLSchemaHost,
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    @Inject(GRAPHQL_LIMIT) private readonly limit: RateLimit,
    private readonly log: Log,
  ) {}

  /** What graphql-ws executes, or why not. */
  read(context: SocketContext, id: string, payload: SubscribePayload): Operation | readonly GraphQLError[] {
    // What one operation fails by must not close the socket that others live on.
    try {
      return this.vet(context, id, payload);
    } catch (error) {
      return [failureOf(error)];
    }
  }

  /** Events go by our own way to the socket: listeners of one group share what is executed for one of them. */
  async subscribe({ listener, ...args }: Operation): Promise<EventDelivery | ExecutionResult> {
    const { extra, id, group } = listener!;
    const release = this.held.take(extra.who!.rateKey, extra.ids.askedBytes(id));
    if (!release) return { errors: [tooManyHeld()] };
    const source = await createSourceEventStream(args).catch((error: unknown) => ({ errors: [failureOf(error)] }));
    if (!(Symbol.asyncIterator in source)) {
      release();
      return source;
    }
    const shared = this.shared.join(group);
    const make = async (event: unknown) => {
      const result = await execute({ ...args, rootValue: event });
      return { json: JSON.stringify(this.shown(result)), failed: result.errors !== undefined };
    };
    return new EventDelivery(
      source as EventSource,
      async (event) => (await shared.of(event, () => make(event))).json,
      (payloads) => (extra.written = extra.written.then(() => tell(extra, id, payloads()))),
      () => {
        shared.leave();
        release();
      },
    );
  }

  /** As the client is shown it. */
  shown(result: ExecutionResult): ExecutionResult {
    return result.errors ? { ...result, errors: result.errors.map((error) => this.describe(error)) } : result;
  }

  describe(error: GraphQLError): GraphQLError {
    const { shown, unexpected } = describeError(error, error.toJSON());
    if (unexpected !== undefined) this.log.error('graphql.failed', unexpected);
    return new GraphQLError(shown.message, { ...(error.nodes && { nodes: error.nodes }), path: error.path, extensions: shown.extensions });
  }

  private vet(context: SocketContext, id: string, { query, ...payload }: SubscribePayload): Operation | readonly GraphQLError[] {
    const { extra } = context;
    const wait = this.limit.take(extra.who!.rateKey);
    if (wait !== undefined) return [rateLimited(wait)];
    const { schema } = this.schema;
    const variableValues = payload.variables ?? {};
    const document = (this.documents ??= new ValidDocuments(schema)).read(query);
    if (!('kind' in document)) return document;
    const operation = getOperationAST(document, payload.operationName ?? undefined);
    if (!operation) return [noOperation(payload.operationName)];
    const asked = [schema, document, variableValues, payload.operationName ?? undefined] as const;
    const refusal = refuseVariables(...asked) ?? refuseCost(...asked);
    if (refusal) return [refusal];
    const contextValue = contextOf(context);
    const args = { schema, document, variableValues, operationName: payload.operationName, contextValue };
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return args;
    const { language } = contextValue;
    const rights = this.authenticator.rightsOf(contextValue.actor);
    const group = shareKey({ query, document, operation, variables: variableValues, rights, language });
    return { ...args, listener: { extra, id, group } };
  }
}

/** With a name, in the words that HTTP has for it. */
function noOperation(name: string | null | undefined): GraphQLError {
  return new GraphQLError(
    name == null ? 'Name the operation to run: the document holds several, or none.' : `Unknown operation named "${name}".`,
  );
}

function tooManyHeld(): GraphQLError {
  const extensions = { code: ErrorCode.RATE_LIMITED };
  return new GraphQLError('Too many subscriptions are open with this key: complete some, or ask for them in fewer words.', { extensions });
}

function contextOf({ extra: { who, language, socket } }: SocketContext): GraphqlContext {
  return { ...who!, language: language!, socket: handleOf(socket), loaders: new Map() };
}

/** Messages of graphql-transport-ws, as graphql-ws makes them, but each around a text that is there. */
function tell({ socket, request, ids }: Extra, number: string, payloads: readonly string[]): Promise<void> {
  const head = ids.write(`{"id":"${number}","type":"${MessageType.Next}"`);
  return sendTogether(socket, request.socket, head === undefined ? [] : payloads.map((payload) => `${head},"payload":${payload}}`));
}

function failureOf(error: unknown): GraphQLError {
  return new GraphQLError('failed', { originalError: error instanceof Error ? error : new Error(String(error)) });
}
