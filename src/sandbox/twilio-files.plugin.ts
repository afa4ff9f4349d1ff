import { type FastifyInstance, type FastifyPluginCallback } from 'fastify';
import { sampleMp3, sampleOfMedia, sampleWav } from './sample-files.js';
import { type Stage } from './stage.js';

type OfMedia = { Params: { account: string; message: string; media: string } };
type OfRecording = { Params: { account: string; recording: string } };

/** Files that came with messages: a redirect to where they lie, as at Twilio. Every sid is one. Source: Twilio docs, Media subresource. */
export const twilioFiles = (stage: Stage): FastifyPluginCallback => {
  return (app: FastifyInstance, _, done) => {
    app.get<OfMedia>('/2010-04-01/Accounts/:account/Messages/:message/Media/:media', async ({ params }, reply) =>
      reply.redirect(`${stage.origin()}/_storage/${params.media}`, 307),
    );
    app.get<OfRecording>('/2010-04-01/Accounts/:account/Recordings/:recording', async ({ params }, reply) => {
      const durationSeconds = stage.memory.recordings.get(params.recording.replace(/\..*$/, ''))?.durationSeconds;
      const { contentType, bytes } = (params.recording.endsWith('.mp3') ? sampleMp3 : sampleWav)(durationSeconds);
      return reply.type(contentType).send(bytes);
    });
    done();
  };
};

/** Where Twilio's files lie: whoever knows the address gets them. */
export const storage: FastifyPluginCallback = (app, _, done) => {
  app.get<{ Params: { media: string } }>('/_storage/:media', async ({ params }, reply) => {
    const { contentType, bytes } = sampleOfMedia(params.media);
    return reply.type(contentType).send(bytes);
  });
  done();
};
