import { type FastifyInstance, type FastifyPluginCallback, type FastifyReply, type FastifyRequest } from 'fastify';
import { queryOf } from './form-parameters.js';
import { SAMPLE_TEMPLATES, type SampleTemplate } from './sample-templates.js';
import { type Stage } from './stage.js';
import { notFound } from './twilio-answer.service.js';
import { contentPage, presentApproval, presentContent, presentContentAndApproval, templateOf } from './twilio-templates.js';

type OfContent = { Params: { sid: string } };
type Present = (template: SampleTemplate, accountSid: string) => object;

/** Twilio's Content API: the templates of the sandbox. Source: Twilio docs, Content API. */
export const twilioContent = (stage: Stage): FastifyPluginCallback => {
  const { TWILIO_ACCOUNT_SID: accountSid } = stage.secrets;
  const list = (path: string, present: Present) => (request: FastifyRequest) =>
    contentPage(
      path,
      queryOf(request.url),
      SAMPLE_TEMPLATES.map((one) => present(one, accountSid)),
    );
  const show = (present: Present) => (request: FastifyRequest<OfContent>, reply: FastifyReply) => {
    const template = templateOf(request.params.sid);
    if (template) return reply.send(present(template, accountSid));
    return notFound(reply, request.url);
  };
  return (app: FastifyInstance, _, done) => {
    app.get('/v1/Content', (request, reply) => reply.send(list('/Content', presentContent)(request)));
    app.get('/v1/ContentAndApprovals', (request, reply) => reply.send(list('/ContentAndApprovals', presentContentAndApproval)(request)));
    app.get<OfContent>('/v1/Content/:sid', show(presentContent));
    app.get<OfContent>('/v1/Content/:sid/ApprovalRequests', show(presentApproval));
    done();
  };
};
