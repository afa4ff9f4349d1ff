// The floor: a Fastify route that reads the body and answers 204.
import Fastify from 'fastify';

const app = Fastify();
app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
app.get('/health/ready', () => 'ready');
app.post('/api/webhooks/sms/twilio', (_request, reply) => reply.code(204).send());
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
