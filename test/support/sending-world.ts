import { randomBytes } from 'node:crypto';
import { createSendingOrganization, LATER, send, type Way } from '../factories/sends.js';
import { stopListening } from './feed-client.js';
import { ask, gql } from './graphql.js';
import { makeDue } from './sent.js';
import { startServerWithStandIn } from './stand-in.js';

/**
 * A server with the providers' stand-in and two organizations that send in every way, for all tests of a file, which awaits it before its first `describe`;
 * the stand-in behaves at the start of each.
 */
export async function startSendingWorld(env: Readonly<Record<string, string>> = {}) {
  const world = await startServerWithStandIn({ env: { SECRETS_KEY: randomBytes(32).toString('base64'), ...env } });
  const { server, standIn } = world;
  afterAll(async () => {
    stopListening();
    await server.dispose();
    await standIn.stop();
  });
  const [norte, sur] = [await createSendingOrganization(server), await createSendingOrganization(server, 'sur')];
  beforeEach(async () => {
    await standIn.settle();
    standIn.behave();
  });

  const says = async (from: string, body: string, to = norte.number) => {
    standIn.act({ from, to, body });
    await standIn.settle();
  };
  const sendability = async (channel: string, to: string, from: string | null = null, language = 'en') => {
    const query =
      'query($o: ID!, $c: Channel!, $to: String!, $from: String) { sendability(organizationId: $o, channel: $c, to: $to, from: $from) { allowed code reason windowClosesAt optedOutAt } }';
    return (await gql(server, norte.key, query, { o: norte.id, c: channel, to, from }, { 'accept-language': language })).data.sendability;
  };
  const setOptOut = (channel: string, address: string, optedOut: boolean) => {
    const mutation =
      'mutation($o: ID!, $c: Channel!, $a: String!, $v: Boolean!) { setOptOut(organizationId: $o, channel: $c, address: $a, optedOut: $v) }';
    return ask(server, norte.key, mutation, { o: norte.id, c: channel, a: address, v: optedOut });
  };
  const sms = (to: string, input: object = {}) => send(server, norte, 'SMS', to, { input: { ...input } });
  const later = async (way: Way, to: string, input: object = {}) =>
    (await send(server, norte, way, to, { input: { ...input, sendAt: LATER } })).id;
  const due = (...ids: string[]) => makeDue(server.database, ids, () => 0);
  return { world, server, standIn, norte, sur, says, sendability, setOptOut, errorOf, sms, later, due };
}

async function errorOf(answer: ReturnType<typeof send>) {
  const { errors } = await answer;
  return errors && ({ ...errors[0]!.extensions, message: errors[0]!.message } as Record<string, unknown>);
}
