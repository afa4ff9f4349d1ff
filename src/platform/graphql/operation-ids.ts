import { CloseCode, MessageType } from 'graphql-ws';

/** A socket is to be closed, and why. */
export interface BrokenProtocol {
  readonly code: number;
  readonly reason: string;
}

/** What a server alone says. */
const OF_SERVERS: readonly unknown[] = [MessageType.ConnectionAck, MessageType.Next, MessageType.Error];
/** As graphql-ws writes what it says of an operation. */
const OF_OPERATION = /^\{"id":"(\d+)","type":"(next|error|complete)"/;
/** A reason has at most 123 bytes. Source: RFC 6455, 5.5. */
const SHOWN_CHARACTERS = 20;
/** It goes with everything that its operation is told. */
const LONGEST_ID = 256;

/**
 * The operations of one socket: each has a number, which is its id for graphql-ws. A client may use an id again as soon as it has said `complete`, and
 * graphql-ws goes by the id alone when the operation before is done: it ended the new one, or told it what the old one gave.
 */
export class OperationIds {
  private count = 0;
  private readonly numbers = new Map<string, string>();
  private readonly open = new Map<string, { readonly id: string; readonly askedBytes: number }>();

  /** What the client said, as graphql-ws is told; what is no message goes on as it is. */
  read(text: string): string | BrokenProtocol {
    const message = parse(text);
    if (OF_SERVERS.includes(message.type)) return { code: CloseCode.BadRequest, reason: 'Invalid message received' };
    const { id } = message;
    if (typeof id !== 'string' || !id) return text;
    if (message.type === MessageType.Complete) return `{"type":"${MessageType.Complete}","id":"${this.free(id) ?? '0'}"}`;
    if (message.type !== MessageType.Subscribe) return text;
    if (this.numbers.has(id))
      return {
        code: CloseCode.SubscriberAlreadyExists,
        reason: `Subscriber for ${id.slice(0, SHOWN_CHARACTERS).toWellFormed()} already exists`,
      };
    if (id.length > LONGEST_ID) return { code: CloseCode.BadRequest, reason: `An id has at most ${LONGEST_ID} characters` };
    const number = String(++this.count);
    this.numbers.set(id, number);
    this.open.set(number, { id, askedBytes: text.length });
    // Of two members of one name the last counts. Written anew, lists in lists would be too deep, and numbers others.
    return `${text.trimEnd().slice(0, -1)},"id":"${number}"}`;
  }

  /** What graphql-ws says, as the client is told; undefined of an operation that the client has completed. */
  write(text: string): string | undefined {
    const [head, number, type] = OF_OPERATION.exec(text) ?? [];
    if (head === undefined) return text;
    const operation = this.open.get(number!);
    if (operation === undefined) return undefined;
    const { id } = operation;
    if (type !== MessageType.Next) this.free(id);
    return `{"id":${JSON.stringify(id)},"type":"${type}"${text.slice(head.length)}`;
  }

  /** How long the message was that asked for the operation of that number; 0 where the client has completed it. */
  askedBytes(number: string): number {
    return this.open.get(number)?.askedBytes ?? 0;
  }

  private free(id: string): string | undefined {
    const number = this.numbers.get(id);
    if (number === undefined) return undefined;
    this.numbers.delete(id);
    this.open.delete(number);
    return number;
  }
}

function parse(text: string): { readonly type?: unknown; readonly id?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as object;
  } catch {
    return {};
  }
}
