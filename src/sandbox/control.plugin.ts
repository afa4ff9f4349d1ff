import { type FastifyInstance, type FastifyPluginCallback } from 'fastify';
import { readMisbehavior } from './misbehavior.js';
import { type Person, readPersonAct } from './person-act.js';
import { type Stage } from './stage.js';
import { readSettings } from './stand-in-settings.js';

const LOCAL_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;

/**
 * How the stand-in is watched and told what to do, from this machine and by no web page: `/_sandbox/…`.
 * requests, accepted, callbacks: what was seen, taken and told (GET, DELETE for all three) · misbehavior: what is to go wrong (GET, POST,
 * DELETE) · settings (GET, PATCH) · person: what a person does next (POST).
 */
export const control = ({ settings, memory, misbehaviors }: Stage, person: Person): FastifyPluginCallback => {
  return (app: FastifyInstance, _, done) => {
    app.addHook('onRequest', async (request, reply) => {
      if (LOCAL_HOST.test(request.headers.host ?? '') && request.headers.origin === undefined) return;
      return reply.code(403).send({ error: 'Only this machine may ask, and no web page.' });
    });

    app.get('/_sandbox/requests', (_, reply) => reply.send(memory.requests.all));
    app.get('/_sandbox/accepted', (_, reply) => reply.send(memory.accepted.all));
    app.get('/_sandbox/callbacks', (_, reply) => reply.send(memory.callbacks.all));
    for (const log of ['requests', 'accepted', 'callbacks'])
      app.delete(`/_sandbox/${log}`, async (_, reply) => {
        memory.clearLog();
        return reply.code(204).send();
      });

    app.get('/_sandbox/misbehavior', (_, reply) => reply.send(misbehaviors.all));
    app.post('/_sandbox/misbehavior', async (request, reply) => {
      const rule = readMisbehavior(request.body);
      if (typeof rule === 'string') return reply.code(400).send({ error: rule });
      misbehaviors.add(rule);
      return misbehaviors.all;
    });
    app.delete('/_sandbox/misbehavior', async (_, reply) => {
      misbehaviors.clear();
      return reply.code(204).send();
    });

    app.get('/_sandbox/settings', (_, reply) => reply.send(settings));
    app.patch('/_sandbox/settings', async (request, reply) => {
      const changed = readSettings(request.body);
      return typeof changed === 'string' ? reply.code(400).send({ error: changed }) : Object.assign(settings, changed);
    });

    app.post('/_sandbox/person', async (request, reply) => {
      const act = readPersonAct(request.body);
      return typeof act === 'string' ? reply.code(400).send({ error: act }) : { id: person(act) };
    });
    done();
  };
};
