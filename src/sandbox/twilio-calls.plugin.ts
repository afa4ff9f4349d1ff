import { type FastifyInstance, type FastifyPluginCallback } from 'fastify';
import { CallLife } from './call-life.service.js';
import { formOf, pathOf, queryOf } from './form-parameters.js';
import { accept, type Stage } from './stage.js';
import { isOver, presentCall, readCallWish, type TwilioCall } from './twilio-calls.js';
import { notFound, refused } from './twilio-answer.service.js';
import { refuse } from './twilio-errors.js';
import { badTimes, isAsked, isWithin, page } from './twilio-lists.js';
import { presentRecording, type TwilioRecording } from './twilio-recordings.js';

type OfAccount = { Params: { account: string } };
type OfCall = { Params: { account: string; sid: string } };

/** Twilio's calls. Source: Twilio docs, Call resource. */
export const twilioCalls = (stage: Stage): FastifyPluginCallback => {
  const { memory, callbacks } = stage;
  const find = ({ account, sid }: OfCall['Params']): TwilioCall | undefined => {
    const call = memory.calls.get(sid);
    return call?.accountSid === account ? call : undefined;
  };
  return (app: FastifyInstance, _, done) => {
    app.post<OfAccount>('/2010-04-01/Accounts/:account/Calls.json', async (request, reply) => {
      const wish = readCallWish(formOf(request.body));
      if ('code' in wish) return refused(reply, wish);
      const { instructions, ...given } = wish;
      const accountSid = request.params.account;
      const call = CallLife.begin(stage, { ...given, accountSid, parentCallSid: null, direction: 'outbound-api' });
      accept(stage, { provider: 'TWILIO', kind: 'CALL', id: call.sid, from: call.from, to: call.to, text: '' }, call.createdAt);
      request.turn!.playing = callbacks.play((tale) => new CallLife(stage, tale).place(call, instructions));
      return reply.code(201).send(presentCall(call));
    });

    app.post<OfCall>('/2010-04-01/Accounts/:account/Calls/:sid.json', async (request, reply) => {
      const call = find(request.params);
      if (!call) return notFound(reply, request.url);
      const status = formOf(request.body).get('Status');
      if (status === null) return presentCall(call);
      if (status !== 'completed' && status !== 'canceled') return refused(reply, refuse(20001, `Invalid Status: ${status}`));
      if (isOver(call) || (status === 'canceled' && call.answeredAt))
        return refused(reply, refuse(21220, 'Invalid call state. Call is not in-progress. Cannot redirect.'));
      request.turn!.playing = callbacks.play((tale) => new CallLife(stage, tale).finish(call, call.answeredAt ? 'completed' : 'canceled'));
      return presentCall(call);
    });

    app.get<OfAccount>('/2010-04-01/Accounts/:account/Calls.json', async (request, reply) => {
      const query = queryOf(request.url);
      const [bad] = badTimes(query, 'StartTime');
      if (bad) return refused(reply, refuse(20001, `Invalid ${bad}`));
      const youngest = Date.now() - stage.settings.listDelayMs;
      const items = memory.calls.newest.filter(
        (call) =>
          call.accountSid === request.params.account &&
          call.createdAt.getTime() <= youngest &&
          isAsked(query, 'To', call.to) &&
          isAsked(query, 'From', call.from) &&
          isAsked(query, 'ParentCallSid', call.parentCallSid) &&
          isAsked(query, 'Status', call.status) &&
          isWithin(call.startedAt ?? call.createdAt, query, 'StartTime'),
      );
      const path = `/2010-04-01/Accounts/${request.params.account}/Calls.json`;
      return page({ key: 'calls', path, query, items, present: presentCall });
    });

    app.get<OfCall>('/2010-04-01/Accounts/:account/Calls/:sid.json', async (request, reply) => {
      const call = find(request.params);
      return call ? presentCall(call) : notFound(reply, request.url);
    });

    const recordings = (account: string, url: string, callSid: string | null) => {
      const query = queryOf(url);
      const items = memory.recordings.newest.filter(
        (one) =>
          one.accountSid === account && (callSid === null || one.callSid === callSid) && isWithin(one.createdAt, query, 'DateCreated'),
      );
      const present = (one: TwilioRecording) => presentRecording(one, memory.calls.get(one.callSid)?.startedAt);
      return page({ key: 'recordings', path: pathOf(url), query, items, present });
    };
    app.get<OfCall>('/2010-04-01/Accounts/:account/Calls/:sid/Recordings.json', (request, reply) =>
      reply.send(recordings(request.params.account, request.url, request.params.sid)),
    );
    app.get<OfAccount>('/2010-04-01/Accounts/:account/Recordings.json', (request, reply) =>
      reply.send(recordings(request.params.account, request.url, queryOf(request.url).get('CallSid'))),
    );
    done();
  };
};
