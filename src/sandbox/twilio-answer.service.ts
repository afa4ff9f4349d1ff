import { type FastifyReply } from 'fastify';
import { refuse, twilioError, type TwilioRefusal } from './twilio-errors.js';

export function refused(reply: FastifyReply, refusal: TwilioRefusal): FastifyReply {
  return reply.code(refusal.status).send(twilioError(refusal));
}

export const notFound = (reply: FastifyReply, url: string): FastifyReply =>
  refused(reply, refuse(20404, `The requested resource ${url} was not found`, 404));
