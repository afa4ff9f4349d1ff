import { randomBytes } from 'node:crypto';
import { createSendingOrganization, send, type SendingOrganization, type Way } from '../factories/sends.js';
import { stopListening } from './feed-client.js';
import { ask, gql } from './graphql.js';
import { makeDue } from './sent.js';
import { type TestServer } from './server.js';
import { startServerWithStandIn, type StandInWorld } from './stand-in.js';

/** A time for what is scheduled; `due` brings it about. */
export const LATER = new Date(Date.now() + 3_600_000).toISOString();

/**
 * A server with the providers' stand-in and two organizations that send in every way, for all tests of a file; the stand-in behaves at the start of
 * each. What is no function is there from `beforeAll` on.
 */
export function useSendingWorld() {
  const the = {} as {
    world: StandInWorld;
    server: TestServer;
    standIn: StandInWorld['standIn'];
    norte: SendingOrganization;
    sur: SendingOrganization;
  };
  beforeAll(async () => {
    const world = await startServerWithStandIn({ env: { SECRETS_KEY: randomBytes(32).toString('base64') } });
    const { server, standIn } = world;
    Object.assign(the, { world, server, standIn });
    Object.assign(the, { norte: await createSendingOrganization(server), sur: await createSendingOrganization(server, 'sur') });
  });
  beforeEach(async () => {
    await the.standIn.settle();
    the.standIn.behave();
  });
  afterAll(async () => {
    stopListening();
    await the.server.dispose();
    await the.standIn.stop();
  });

  const sms = (to: string, input: object = {}) => send(the.server, the.norte, 'SMS', to, { input: { ...input } });
  const later = async (way: Way, to: string, input: object = {}) =>
    (await send(the.server, the.norte, way, to, { input: { ...input, sendAt: LATER } })).id;
  return Object.assign(the, {
    sms,
    later,
    says,
    sendability,
    setOptOut,
    errorOf,
    due: (...ids: string[]) => makeDue(the.server.database, ids, () => 0),
  });

  async function says(from: string, body: string, to = the.norte.number) {
    the.standIn.act({ from, to, body });
    await the.standIn.settle();
  }

  async function sendability(channel: string, to: string, from: string | null = null, language = 'en') {
    const query =
      'query($o: ID!, $c: Channel!, $to: String!, $from: String) { sendability(organizationId: $o, channel: $c, to: $to, from: $from) { allowed code reason windowClosesAt optedOutAt } }';
    return (await gql(the.server, the.norte.key, query, { o: the.norte.id, c: channel, to, from }, { 'accept-language': language })).data
      .sendability;
  }

  function setOptOut(channel: string, address: string, optedOut: boolean) {
    const mutation =
      'mutation($o: ID!, $c: Channel!, $a: String!, $v: Boolean!) { setOptOut(organizationId: $o, channel: $c, address: $a, optedOut: $v) }';
    return ask(the.server, the.norte.key, mutation, { o: the.norte.id, c: channel, a: address, v: optedOut });
  }
}

async function errorOf(answer: ReturnType<typeof send>) {
  const { errors } = await answer;
  return errors && ({ ...errors[0]!.extensions, message: errors[0]!.message } as Record<string, unknown>);
}
