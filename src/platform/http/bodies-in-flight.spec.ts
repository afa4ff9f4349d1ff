import { type AddressInfo, connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import Fastify from 'fastify';
import { boundBodiesInFlight } from './bodies-in-flight.js';

describe('A large body', () => {
  it.each(['before it is read', 'while it is read'])('whose connection breaks %s ends its request', async (when) => {
    const fastify = Fastify({ bodyLimit: 10 << 20 });
    boundBodiesInFlight(fastify, 10 << 20, () => true);
    let goOn: (value?: unknown) => void = () => undefined;
    const asked = new Promise<void>((asking) => {
      fastify.addHook('onRequest', async () => {
        asking();
        if (when === 'before it is read') await new Promise((done) => (goOn = done));
      });
    });
    const ended = new Promise((done) => fastify.addHook('onError', async (_request, _reply, error) => done(error.message)));
    fastify.post('/', () => 'read');
    await fastify.listen({ port: 0, host: '127.0.0.1' });

    const socket = connect((fastify.server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(
      `POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${5 << 20}\r\n\r\n"${'x'.repeat(1 << 10)}`,
    );
    await asked;
    if (when === 'while it is read') await wait(50);
    socket.resetAndDestroy();
    await wait(50);
    goOn();
    expect(await Promise.race([ended, wait(2_000, 'nothing', { ref: false })])).toMatch(/closed|aborted|reset/i);
    await fastify.close();
  });
});
