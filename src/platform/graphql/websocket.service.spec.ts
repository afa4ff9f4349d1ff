import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type HttpAdapterHost } from '@nestjs/core';
import { type GraphQLSchemaHost } from '@nestjs/graphql';
import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { until } from '../../../test/support/until.js';
import { type HttpConfig } from '../http/http.config.js';
import { RateLimit } from '../http/rate-limit.js';
import { Log } from '../logging/log.service.js';
import { type Authenticator } from './authenticator.js';
import { type EventSource, type ToldEvent } from './event-source.js';
import { type GraphqlContext } from './graphql-context.js';
import { SocketOperations } from './socket-operations.service.js';
import { WebsocketService } from './websocket.service.js';

interface News extends ToldEvent {
  readonly text: string;
}

/** Listens to `news` below, as a subscription of the feed does. */
class Listener implements EventSource<News> {
  private readonly queue: News[] = [];
  private wake = () => {};
  private ended = false;

  [Symbol.asyncIterator](): this {
    return this;
  }
  next(): never {
    throw new Error('nobody asks one at a time');
  }
  async take(most: number): Promise<News[] | undefined> {
    while (!this.ended && !this.queue.length) await new Promise<void>((wake) => (this.wake = wake));
    return this.ended ? undefined : this.queue.splice(0, most);
  }
  tell(news: News): void {
    this.queue.push(news);
    this.wake();
  }
  return(): Promise<IteratorResult<News>> {
    listeners.delete(this);
    this.ended = true;
    this.wake();
    return Promise.resolve({ done: true, value: undefined });
  }
  writing(): void {}
}

const listeners = new Set<Listener>();
let executed: string[] = [];
/** What is executed waits for it. */
let held = Promise.resolve();
let letGo = () => {};
const QUERY = 'subscription($after: String) { news(after: $after) }';

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { one: { type: GraphQLString } } }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      news: {
        type: GraphQLString,
        args: { after: { type: GraphQLString } },
        subscribe() {
          const listener = new Listener();
          listeners.add(listener);
          return listener;
        },
        async resolve({ text }: News, _args: unknown, { actor, language }: GraphqlContext) {
          executed.push(`${text} ${String(actor)} ${language}`);
          await held;
          if (text === 'bad') throw new Error('a secret of the inside');
          return `${text} in ${language}`;
        },
      },
    },
  }),
});

describe('Listeners by sockets', () => {
  let server: Server;
  let service: WebsocketService;
  let told = 0;
  const clients: ReturnType<typeof createClient>[] = [];

  beforeAll(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const authenticator: Authenticator = {
      authenticate: (authorization) => Promise.resolve({ actor: authorization, rateKey: authorization! }),
      rightsOf: (actor) => String(actor).split(' of ')[0]!,
      watch: () => () => {},
    };
    const log = new Log({ DEBUG: '' } as never, { error: () => {} } as never);
    const operations = new SocketOperations({ schema } as GraphQLSchemaHost, authenticator, new RateLimit('1000/1000'), log);
    const host = { httpAdapter: { getHttpServer: () => server } } as unknown as HttpAdapterHost;
    service = new WebsocketService(host, operations, authenticator, { publicUrl: '', corsOrigins: [] } as unknown as HttpConfig, log);
    service.onApplicationBootstrap();
  });
  beforeEach(() => {
    executed = [];
  });
  afterAll(async () => {
    for (const client of clients) await client.dispose();
    await service.beforeApplicationShutdown();
    server.close();
  });

  /** What that one is told, as it comes. */
  const listen = async (
    authorization: string,
    language = 'en',
    after?: string,
    query = QUERY,
    name = 'accept-language',
  ): Promise<unknown[]> => {
    const heard: unknown[] = [];
    const client = createClient({
      url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization, [name]: language },
    });
    clients.push(client);
    const before = listeners.size;
    client.subscribe({ query, variables: { after } }, { next: (value) => heard.push(value), error: () => {}, complete: () => {} });
    await eventually(() => listeners.size === before + 1);
    return heard;
  };
  /** A socket by hand, acknowledged. */
  const open = async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: 'READ of a socket' } }));
    await once(socket, 'message');
    return socket;
  };
  const tell = (text: string) => {
    const news = { text, told: ++told };
    for (const listener of listeners) listener.tell(news);
  };

  it('who ask alike share what is executed for one of them, wherever they begin; other words, rights or languages are executed apart', async () => {
    const alike = [await listen('READ of a', 'en', '1'), await listen('READ of b', 'en', '2'), await listen('READ of c')];
    const [spanish, admin] = [await listen('READ of d', 'es'), await listen('ALL of e')];
    const aliased = await listen('READ of f', 'en', undefined, QUERY.replace('news(', 'it: news('));
    tell('one');
    tell('two');
    const all = [...alike, spanish, admin, aliased];
    await eventually(() => all.every((heard) => heard.length === 2));
    for (const heard of [...alike, admin]) expect(heard).toEqual([{ data: { news: 'one in en' } }, { data: { news: 'two in en' } }]);
    expect(spanish).toEqual([{ data: { news: 'one in es' } }, { data: { news: 'two in es' } }]);
    expect(aliased).toEqual([{ data: { it: 'one in en' } }, { data: { it: 'two in en' } }]);
    expect(executed.map((one) => one.replace(/ of [abc]/, '')).sort()).toEqual(
      ['one', 'two'].flatMap((text) => [`${text} ALL of e en`, `${text} READ en`, `${text} READ of d es`, `${text} READ of f en`]).sort(),
    );
  });

  it('who shares what failed is told so, without the inside of it, and hears what comes then', async () => {
    const alike = [await listen('READ of g'), await listen('READ of h')];
    tell('bad');
    tell('good');
    await eventually(() => alike.every((heard) => heard.length === 2));
    for (const [failed, good] of alike as { errors?: { message: string; extensions: object }[] }[][]) {
      expect(failed!.errors).toMatchObject([{ extensions: { code: 'INTERNAL' } }]);
      expect(JSON.stringify(failed)).not.toContain('secret');
      expect(good).toEqual({ data: { news: 'good in en' } });
    }
  });

  it('an id that is used again after a complete is the new one, whatever is still executed for the old one', async () => {
    const socket = await open();
    const heard: string[] = [];
    socket.on('message', (data) => heard.push((data as Buffer).toString()));
    const subscribe = () => socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: QUERY } }));
    const before = listeners.size;
    subscribe();
    await eventually(() => listeners.size === before + 1);
    held = new Promise((release) => (letGo = release));
    tell('old');
    await eventually(() => executed.length > 0);
    socket.send(JSON.stringify({ id: '1', type: 'complete' }));
    await eventually(() => listeners.size === before);
    subscribe();
    await eventually(() => listeners.size === before + 1);
    letGo();
    tell('new');
    await eventually(() => heard.length > 0);
    expect(heard.map((text) => JSON.parse(text) as unknown)).toEqual([{ id: '1', type: 'next', payload: { data: { news: 'new in en' } } }]);
    socket.terminate();
    await eventually(() => listeners.size === before);
  });

  it('an id that is used again at once after a complete is the new one, each time, for subscriptions and queries', async () => {
    const socket = await open();
    const heard: { id: string; type: string; payload?: object }[] = [];
    socket.on('message', (data) => heard.push(JSON.parse((data as Buffer).toString()) as (typeof heard)[number]));
    const before = listeners.size;
    const say = (type: string, query?: string) => socket.send(JSON.stringify({ id: 'a "b"', type, ...(query && { payload: { query } }) }));
    for (let i = 0; i < 20; i++) {
      say('subscribe', i % 2 ? QUERY : '{ one }');
      if (i % 4 > 1) await new Promise((done) => setTimeout(done, 5));
      say('complete');
    }
    say('subscribe', QUERY);
    await eventually(() => listeners.size === before + 1);
    heard.length = 0;
    tell('new');
    await eventually(() => heard.length > 0);
    expect(heard).toEqual([{ id: 'a "b"', type: 'next', payload: { data: { news: 'new in en' } } }]);
    say('subscribe', QUERY);
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    expect([code, reason.toString()]).toEqual([4409, 'Subscriber for a "b" already exists']);
    await eventually(() => listeners.size === before);
  });

  it('an operation that is done leaves its id to the next', async () => {
    const socket = await open();
    const heard: string[] = [];
    socket.on('message', (data) => heard.push((data as Buffer).toString()));
    for (const query of ['{ one }', '{ nothing }', '{ one }']) {
      const n = heard.length;
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
      await eventually(() => heard.slice(n).some((text) => /"type":"(?:complete|error)"/.test(text)));
    }
    expect(heard.map((text) => (JSON.parse(text) as { type: string }).type)).toEqual(['next', 'complete', 'error', 'next', 'complete']);
    socket.terminate();
  });

  it.each([
    { type: 'next', id: 'a', payload: {} },
    { type: 'error', id: 'a', payload: [{ message: 'x' }] },
    { type: 'connection_ack' },
    { type: 'subscribe', id: '', payload: { query: QUERY } },
    { type: 'unheard-of' },
    null,
  ])('a client that says %j does not keep the protocol: 4400', async (message) => {
    const socket = await open();
    socket.send(JSON.stringify(message));
    expect((await once(socket, 'close'))[0]).toBe(4400);
  });

  it.each(['complete', 'subscribe'])('lists in lists without end do not end the process, in a message of type %s', async (type) => {
    const socket = await open();
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    socket.send(`{"id":"1","type":"${type}","payload":{"query":"{ one }","variables":{"x":${deep}}},"y":${deep}} `);
    socket.send(JSON.stringify({ id: '2', type: 'subscribe', payload: { query: '{ one }' } }));
    await new Promise<void>((done) =>
      socket.on('message', (data) => {
        if ((data as Buffer).toString() === '{"id":"2","type":"complete"}') done();
      }),
    );
    socket.terminate();
  });

  it('an id that everything would have to bring along at any length is none: 4400', async () => {
    const socket = await open();
    socket.send(JSON.stringify({ type: 'subscribe', id: 'x'.repeat(256), payload: { query: '{ one }' } }));
    await once(socket, 'message');
    socket.send(JSON.stringify({ type: 'subscribe', id: 'x'.repeat(257), payload: { query: '{ one }' } }));
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    expect([code, reason.toString()]).toEqual([4400, 'An id has at most 256 characters']);
  });

  it('a ping is answered with what it brought; lists in lists without end are not: 4400', async () => {
    const socket = await open();
    socket.send('{"type":"ping","payload":{"at":1}}');
    expect(String((await once(socket, 'message'))[0])).toBe('{"type":"pong","payload":{"at":1}}');
    socket.send('{"type":"ping"}');
    expect(String((await once(socket, 'message'))[0])).toBe('{"type":"pong"}');
    socket.send(`{"type":"ping","payload":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`);
    expect((await once(socket, 'close'))[0]).toBe(4400);
  });

  it('subscriptions are refused while those of the same key keep too much of what they asked, and the socket stays', async () => {
    const socket = await open();
    const refused: { id: string; payload: { errors: { extensions: object }[] } }[] = [];
    socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString()) as { type: string } & (typeof refused)[number];
      if (message.type === 'next') refused.push(message);
    });
    const before = listeners.size;
    const query = `${QUERY}#${'x'.repeat(1_000_000)}`;
    const subscribe = (id: number) => socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query } }));
    for (let i = 0; i < 70; i++) subscribe(i);
    await eventually(() => refused.length === 4);
    expect([listeners.size, refused.map(({ id }) => id)]).toEqual([before + 66, ['66', '67', '68', '69']]);
    for (const { payload } of refused) expect(payload.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    socket.send(JSON.stringify({ id: '0', type: 'complete' }));
    await eventually(() => listeners.size === before + 65);
    subscribe(0);
    await eventually(() => listeners.size === before + 66);
    socket.terminate();
    await eventually(() => listeners.size === before);
  });

  it.each([
    ['Z', 'query A { one } query B { one }', 'Unknown operation named "Z".'],
    ['Z', 'query A { one }', 'Unknown operation named "Z".'],
    [undefined, 'query A { one } query B { one }', 'Name the operation to run: the document holds several, or none.'],
  ])('asked for the operation %s of %s, it says what is wrong with that', async (operationName, query, message) => {
    const socket = await open();
    socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query, operationName } }));
    expect(JSON.parse(String((await once(socket, 'message'))[0]))).toMatchObject({ type: 'error', payload: [{ message }] });
    socket.terminate();
  });

  it.each(['accept-language', 'Accept-Language', 'ACCEPT-LANGUAGE'])(
    '%s among the parameters of a socket chooses the language',
    async (name) => {
      const heard = await listen('READ of k', 'es', undefined, QUERY, name);
      tell('one');
      await eventually(() => heard.length === 1);
      expect(heard).toEqual([{ data: { news: 'one in es' } }]);
    },
  );

  it('what a variable says goes on as it was written', async () => {
    const socket = await open();
    socket.send(
      '{"type":"subscribe","id":"1","payload":{"query":"query($n: Int) { one @include(if: true) __typename }","variables":{"n":1e999}}}',
    );
    expect(JSON.parse(String((await once(socket, 'message'))[0]))).toMatchObject({ id: '1', type: 'error' });
    socket.terminate();
  });

  it('one socket with many subscriptions, whose reader pauses, is not closed for what waits for each of them', async () => {
    const socket = await open();
    let heard = 0;
    socket.on('message', () => heard++);
    const before = listeners.size;
    const query = 'subscription { news }';
    for (let i = 0; i < 200; i++) socket.send(JSON.stringify({ id: String(i), type: 'subscribe', payload: { query } }));
    await eventually(() => listeners.size === before + 200);
    socket.pause();
    for (let i = 0; i < 3; i++) tell('x'.repeat(60_000));
    await new Promise((done) => setTimeout(done, 300));
    socket.resume();
    await eventually(() => heard === 600);
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.terminate();
    await eventually(() => listeners.size === before);
  });

  it('who left is told nothing more, and those who stay are', async () => {
    const [leaving, staying] = [await listen('READ of i'), await listen('READ of j')];
    const before = listeners.size;
    await clients.at(-2)!.dispose();
    await eventually(() => listeners.size === before - 1);
    tell('later');
    await eventually(() => staying.length === 1);
    expect(leaving).toEqual([]);
  });
});

const eventually = (holds: () => boolean) => until(holds, { ms: 30_000 });
