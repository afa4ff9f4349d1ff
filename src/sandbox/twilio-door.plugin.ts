import { type FastifyInstance, type FastifyPluginCallback } from 'fastify';
import { type Stage } from './stage.js';
import { notFound, refused } from './twilio-answer.service.js';
import { twilioCalls } from './twilio-calls.plugin.js';
import { twilioContent } from './twilio-content.plugin.js';
import { refuse } from './twilio-errors.js';
import { twilioFiles } from './twilio-files.plugin.js';
import { twilioMessages } from './twilio-messages.plugin.js';

/** Twilio's APIs, behind HTTP Basic authentication: an account's sid and its auth token. */
export const twilioDoor = (stage: Stage): FastifyPluginCallback => {
  return (app: FastifyInstance, _, done) => {
    app.addHook('onRequest', async (request, reply) => {
      const account = authenticated(request.headers.authorization, stage.twilioAccounts);
      if (account === undefined)
        return refused(reply.header('www-authenticate', 'Basic realm="Twilio API"'), refuse(20003, 'Authenticate', 401));
      const { account: asked = account } = request.params as { account?: string };
      if (asked !== account) return notFound(reply, request.url);
    });
    for (const routes of [twilioMessages, twilioCalls, twilioContent, twilioFiles]) void app.register(routes(stage));
    done();
  };
};

/** The account whose credentials these are. */
export function authenticated(authorization: string | undefined, accounts: ReadonlyMap<string, string>): string | undefined {
  const [scheme, encoded = ''] = (authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic') return undefined;
  const [, account = '', token] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  return token !== undefined && accounts.get(account) === token ? account : undefined;
}
