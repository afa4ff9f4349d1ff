import { randomBytes } from 'node:crypto';
import { createOrganization, createSender } from '../factories/organization.js';
import { makeKeys } from '../factories/sendgrid.js';
import {
  CHANNELS,
  createSendingOrganization,
  HELLO,
  LATER,
  newNumber,
  newRecipient,
  openWindow,
  send,
  senderOf,
  type SendingOrganization,
  type Way,
} from '../factories/sends.js';
import { ask, gql } from '../support/graphql.js';
import { startSendingWorld } from '../support/sending-world.js';
import { reached, requestsTo } from '../support/sent.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

const { world, server, standIn, norte, sur, sendability, errorOf, later, due } = await startSendingWorld();

describe('The rules of a send', () => {
  describe('on who sends', () => {
    it.each<Way>(['SMS', 'WHATSAPP_TWILIO', 'WHATSAPP_META', 'EMAIL', 'CALL'])(
      "%s: another organization's sender is BAD_USER_INPUT, as is one of nobody",
      async (way) => {
        const to = newRecipient(way);
        await openWindow(standIn, norte, way, to);
        const nobody = { EMAIL: 'nadie@nadie.example', WHATSAPP_META: '299999999999999' }[way as string] ?? '+14155550000';
        for (const from of [senderOf(sur, way), nobody])
          expect(await errorOf(send(server, norte, way, to, { input: { from } }))).toMatchObject({ code: 'BAD_USER_INPUT', field: 'from' });
        expect(requestsTo(standIn, to)).toHaveLength(0);
      },
    );

    it('without a from the first sender of the channel sends, and a domain allows any address in it', async () => {
      const [ana, mail] = [newNumber(), newRecipient('EMAIL')];
      await createSender(server, norte.id, `${norte.id}.example.org`, 'EMAIL');
      const fromOf = async (answer: ReturnType<typeof send>) => (await answer).sent[0]?.from;
      expect(await fromOf(send(server, norte, 'SMS', ana, { input: { from: undefined }, selection: 'id from' }))).toBe(norte.number);
      expect(await fromOf(send(server, norte, 'EMAIL', mail, { input: { from: undefined }, selection: 'id from' }))).toBe(norte.email);
      const from = `Ventas@${norte.id}.example.org`;
      expect(await fromOf(send(server, norte, 'EMAIL', mail, { input: { from }, selection: 'id from' }))).toBe(from.toLowerCase());
      const bare = { ...norte, ...(await createOrganization(server)) };
      const without = () => send(server, bare, 'EMAIL', mail, { input: { from: undefined } });
      expect(await errorOf(without())).toMatchObject({ field: 'from', message: expect.stringContaining('no sender on EMAIL') });
      await createSender(server, bare.id, `${bare.id}.example.org`, 'EMAIL');
      expect(await errorOf(without())).toMatchObject({ field: 'from', message: expect.stringContaining('sends from a domain') });
    });

    it("a domain sends as no address in it that is another organization's, even one that was given away before it left", async () => {
      const [to, domain] = [newRecipient('EMAIL'), `${norte.id}.example.net`];
      await createSender(server, norte.id, domain, 'EMAIL');
      await createSender(server, sur.id, `ventas@${domain}`, 'EMAIL');
      const from = `Ventas@${domain}`;
      expect(await errorOf(send(server, norte, 'EMAIL', to, { input: { from } }))).toMatchObject({ code: 'BAD_USER_INPUT', field: 'from' });
      expect(await sendability('EMAIL', to, from)).toMatchObject({ allowed: false, code: 'BAD_USER_INPUT' });
      // Answers to it would be the other's.
      const tagged = send(server, norte, 'EMAIL', to, { input: { from: `ventas+42@${domain}` } });
      expect(await errorOf(tagged)).toMatchObject({ code: 'BAD_USER_INPUT', field: 'from' });
      expect((await send(server, sur, 'EMAIL', newRecipient('EMAIL'), { input: { from } })).code).toBeUndefined();

      const ids = [
        await later('EMAIL', to, { from: `hola@${domain}` }),
        await later('EMAIL', to, { from: `caja@${domain}` }),
        await later('EMAIL', to, { from: `hola+7@${domain}` }),
      ];
      await createSender(server, sur.id, `hola@${domain}`, 'EMAIL');
      await createSender(server, norte.id, `caja@${domain}`, 'EMAIL');
      await due(...ids);
      for (const id of [ids[0]!, ids[2]!])
        expect((await reached(server, norte.key, id, 'FAILED')).error).toMatchObject({ code: 'SENDER_TAKEN', retryable: false });
      await reached(server, norte.key, ids[1]!, 'OPENED');
      expect(requestsTo(standIn, to)).toHaveLength(1);
    });

    it('an address whose provider cannot send is BAD_USER_INPUT, in both languages', async () => {
      const [to, from] = [newRecipient('EMAIL'), `caja@${randomBytes(4).toString('hex')}.example`];
      const mutation =
        'mutation($o: ID!, $a: String!) { createSender(organizationId: $o, channel: EMAIL, address: $a, provider: TWILIO) { id } }';
      await ask(server, server.adminKey, mutation, { o: norte.id, a: from });
      expect(await errorOf(send(server, norte, 'EMAIL', to, { input: { from } }))).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'from',
        message: 'from is an address whose provider cannot send on EMAIL: name another that the organization owns.',
      });
      expect(await sendability('EMAIL', to, from, 'es')).toMatchObject({
        code: 'BAD_USER_INPUT',
        reason: 'from es una dirección cuyo proveedor no puede enviar en EMAIL: indique otra que sea de la organización.',
      });
    });

    it('what is wrong with to or from is told in the language asked for', async () => {
      const reasonOf = async (language: string, to: string, from: string | null = null) =>
        (await sendability('SMS', to, from, language)).reason;
      expect(await reasonOf('en', 'nadie')).toMatch(/^to must be a phone number/);
      expect(await reasonOf('es', 'nadie')).toMatch(/^to debe ser un número de teléfono/);
      expect(await reasonOf('es', newNumber(), sur.number)).toBe('from debe ser una dirección en SMS que sea de la organización.');
      const headers = { 'accept-language': 'es' };
      expect(await errorOf(send(server, norte, 'SMS', newNumber(), { input: { from: sur.number }, headers }))).toMatchObject({
        field: 'from',
        message: expect.stringContaining('debe ser una dirección'),
      });
    });

    it('PROVIDER_NOT_CONFIGURED tells which variable is missing, in both languages', async () => {
      const env = { ...world.environment, SENDGRID_API_KEY: undefined, WHATSAPP_ACCESS_TOKEN: undefined };
      const bare = await TestServer.start({ besides: server, env });
      try {
        const to = newRecipient('EMAIL');
        const answer = await send(bare, norte, 'EMAIL', to, { headers: { 'accept-language': 'es' } });
        expect(answer.errors![0]).toMatchObject({
          extensions: { code: 'PROVIDER_NOT_CONFIGURED', missing: 'SENDGRID_API_KEY' },
          message: expect.stringContaining('no está configurado para enviar'),
        });
        const { code, errors } = await send(bare, norte, 'WHATSAPP_META', newNumber());
        expect([code, errors![0]!.extensions.missing]).toEqual(['PROVIDER_NOT_CONFIGURED', 'WHATSAPP_ACCESS_TOKEN']);
        const query = 'query($o: ID!, $to: String!) { sendability(organizationId: $o, channel: EMAIL, to: $to) { allowed code reason } }';
        const { sendability: may } = await ask(bare, norte.key, query, { o: norte.id, to });
        expect(may).toMatchObject({ allowed: false, code: 'PROVIDER_NOT_CONFIGURED', reason: expect.stringContaining('not configured') });
        expect((await send(bare, norte, 'SMS', newNumber())).code).toBeUndefined();
      } finally {
        await bare.dispose();
      }
    });
  });

  describe('on accounts of its own', () => {
    const SUBACCOUNT = { authToken: 'of-a-subaccount-that-the-stand-in-does-not-know' };
    const ONLY_RECEIVES = {
      EMAIL: ['SENDGRID', { webhookKey: makeKeys().publicKey }, { apiKey: `SG.${'a'.repeat(40)}` }],
      WHATSAPP_META: ['META', { appSecret: 'a'.repeat(32) }, { accessToken: `EAA${'b'.repeat(40)}` }],
    } as const;
    let este: SendingOrganization;
    beforeEach(async () => void (este = await createSendingOrganization(server, 'este')));

    const newAccount = (provider: string) =>
      ({ TWILIO: `AC${randomBytes(16).toString('hex')}`, META: `1${randomBytes(6).readUIntBE(0, 6)}` })[provider] ??
      `sub.${randomBytes(4).toString('hex')}`;
    const add = async (provider: string, secrets: object): Promise<{ id: string; accountId: string }> =>
      (
        await ask(
          server,
          server.adminKey,
          'mutation($o: ID!, $p: Provider!, $a: String!, $s: JSON!) { made: createProviderAccount(organizationId: $o, provider: $p, accountId: $a, secrets: $s) { id accountId } }',
          { o: este.id, p: provider, a: newAccount(provider), s: secrets },
        )
      ).made;
    const remove = ({ id }: { id: string }) =>
      ask(server, server.adminKey, 'mutation($id: ID!) { removeProviderAccount(id: $id) }', { id });
    /** How often an account of Twilio was asked. */
    const asked = (accountId: string) => standIn.sends('TWILIO').filter(({ path }) => path.includes(`/${accountId}/`)).length;
    const scheduled = async (way: Way, to: string, input: object = {}) =>
      (await send(server, este, way, to, { input: { sendAt: LATER, ...input } })).id;

    it.each(['EMAIL', 'WHATSAPP_META'] as const)(
      '%s: one that only receives is PROVIDER_NOT_CONFIGURED, and stands before the environment’s; one beside it that can send sends',
      async (way) => {
        const [provider, receiving, sending] = ONLY_RECEIVES[way];
        const [to, input] = [newRecipient(way), way === 'EMAIL' ? {} : { body: undefined, template: HELLO }];
        const receiver = await add(provider, receiving);
        const missing = `secrets.${Object.keys(sending)[0]}`;
        expect(await errorOf(send(server, este, way, to, { input }))).toMatchObject({ code: 'PROVIDER_NOT_CONFIGURED', missing });
        const query =
          'query($o: ID!, $c: Channel!, $f: String, $to: String!) { sendability(organizationId: $o, channel: $c, from: $f, to: $to) { allowed code } }';
        const variables = { o: este.id, c: CHANNELS[way], f: senderOf(este, way), to };
        expect((await ask(server, este.key, query, variables)).sendability).toEqual({ allowed: false, code: 'PROVIDER_NOT_CONFIGURED' });
        expect(requestsTo(standIn, to)).toHaveLength(0);

        const sender = await add(provider, { ...receiving, ...sending });
        const { id } = await send(server, este, way, to, { input });
        expect((await reached(server, este.key, id, 'FAILED')).error.code).toBe(way === 'EMAIL' ? '401' : '190');
        await remove(sender);
        await remove(receiver);
        await reached(server, este.key, (await send(server, este, way, to, { input })).id, ['OPENED', 'READ']);
      },
    );

    it('what waits leaves by the account that would send it now: not by one that was removed, but by one that was added', async () => {
      const [ana, eva] = [newNumber(), newNumber()];
      const removed = await add('TWILIO', SUBACCOUNT);
      const first = await scheduled('SMS', ana);
      await remove(removed);
      const second = await scheduled('SMS', eva);
      await due(first);
      await reached(server, este.key, first, 'DELIVERED');
      const added = await add('TWILIO', SUBACCOUNT);
      await due(second);
      expect((await reached(server, este.key, second, 'FAILED')).error.code).toBe('20003');
      expect([asked(removed.accountId), requestsTo(standIn, ana).length, asked(added.accountId)]).toEqual([0, 1, 1]);
      const accounts = await server.database.query(
        'select account_id as by from send_item where activity_id = any($1) order by activity_id',
        [[first, second]],
      );
      expect(accounts).toEqual([{ by: world.secrets.TWILIO_ACCOUNT_SID }, { by: added.accountId }]);
    });

    it('what waits to be tried again leaves by another account where its own was removed', async () => {
      const [to, account] = [newNumber(), await add('TWILIO', SUBACCOUNT)];
      await standIn.goAway();
      const { id } = await send(server, este, 'SMS', to);
      await until(
        async () =>
          (await server.database.query(`select from send_item where activity_id = $1 and state = 'WAITING' and attempts > 0`, [id])).length,
        { what: 'the end of the first attempt' },
      );
      await remove(account);
      await standIn.comeBack();
      await reached(server, este.key, id, 'DELIVERED');
      expect([asked(account.accountId), requestsTo(standIn, to).length]).toEqual([0, 1]);
    });

    it('what is due and nothing can send any more fails at once with PROVIDER_NOT_CONFIGURED, in both languages', async () => {
      const [provider, receiving, sending] = ONLY_RECEIVES.EMAIL;
      const to = newRecipient('EMAIL');
      const whole = await add(provider, { ...receiving, ...sending });
      const id = await scheduled('EMAIL', to);
      await remove(whole);
      await add(provider, receiving);
      await due(id);
      await reached(server, este.key, id, 'FAILED', 3_000);
      const errorIn = async (language: string) =>
        (
          await gql(
            server,
            este.key,
            'query($id: ID!) { activity(id: $id) { error { code message } } }',
            { id },
            { 'accept-language': language },
          )
        ).data.activity.error;
      expect(await errorIn('en')).toEqual({
        code: 'PROVIDER_NOT_CONFIGURED',
        message: expect.stringContaining('not configured for sending'),
      });
      expect((await errorIn('es')).message).toContain('no está configurado para enviar');
      expect(requestsTo(standIn, to)).toHaveLength(0);
    });
  });
});
