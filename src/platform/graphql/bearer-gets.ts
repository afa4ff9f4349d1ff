import { type FastifyInstance } from 'fastify';

/**
 * Lets a client ask by GET where it names a credential, as urql does with short queries: no page of another site can, without a preflight. Of a POST
 * the content type goes on deciding. Source: Apollo Server's docs, "Configuring CORS", CSRF prevention.
 */
export function allowBearerGets(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { method, headers } = request;
    if (method === 'GET' && headers.authorization !== undefined) headers['apollo-require-preflight'] = 'true';
    done();
  });
}
