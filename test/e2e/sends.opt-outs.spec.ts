import { randomUUID } from 'node:crypto';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { createKey, createSender } from '../factories/organization.js';
import { readSigningKey, sendGridEvents } from '../factories/sendgrid.js';
import { APPROVE, LATER, newNumber, newRecipient, send, TOO_MUCH } from '../factories/sends.js';
import { form, sid } from '../factories/twilio.js';
import { gql } from '../support/graphql.js';
import { post } from '../support/post.js';
import { startSendingWorld } from '../support/sending-world.js';
import { activityOf, reached, requestsTo } from '../support/sent.js';
import { until } from '../support/until.js';

const { world, server, standIn, norte, sur, says, sendability, setOptOut, errorOf, sms, later, due } = await startSendingWorld();

describe('The rules of a send', () => {
  describe('on opt-outs', () => {
    it.each(['STOP', ' stop ', 'Unsubscribe', 'QUIT'])('after %j nothing is sent, before START', async (word) => {
      const ana = newNumber();
      await says(ana, word);
      const answer = await sms(ana);
      expect([answer.code, answer.errors![0]!.message]).toEqual([
        'OPTED_OUT',
        'This person asked not to be contacted from this sender. By SMS they can write START; else, once they tell you that you may, lift the opt-out.',
      ]);
      expect(answer.errors![0]!.extensions.optedOutAt).toMatch(/^20/);
      expect(await sendability('SMS', ana)).toMatchObject({
        allowed: false,
        code: 'OPTED_OUT',
        optedOutAt: expect.stringMatching(/^20/),
        windowClosesAt: null,
      });
      expect(requestsTo(standIn, ana)).toHaveLength(0);

      await says(ana, 'START');
      expect(await sendability('SMS', ana)).toEqual({ allowed: true, code: null, reason: null, windowClosesAt: null, optedOutAt: null });
      await reached(server, norte.key, (await sms(ana)).id, 'DELIVERED');
    });

    it('are told in the language asked for', async () => {
      const ana = newNumber();
      await says(ana, 'STOP');
      const { errors } = await send(server, norte, 'SMS', ana, { headers: { 'accept-language': 'es-MX,es;q=0.9,en;q=0.5' } });
      expect(errors![0]!.message).toMatch(/^Esta persona pidió que no se le contacte desde este remitente\. .*START/);
      expect((await sendability('SMS', ana, null, 'es')).reason).toBe(errors![0]!.message);
      const client = createClient({
        url: `${server.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${norte.key}`, 'accept-language': 'es' },
      });
      const query = 'query($o: ID!, $to: String!) { sendability(organizationId: $o, channel: SMS, to: $to) { reason } }';
      const { value } = await client.iterate({ query, variables: { o: norte.id, to: ana } }).next();
      expect(value).toMatchObject({ data: { sendability: { reason: errors![0]!.message } } });
      await client.dispose();
    });

    it('said by a person is newer than all before, whatever a clock said then', async () => {
      const to = newNumber();
      const aheadByAnHour = () =>
        server.database.query("update consent set at = at + interval '1 hour' where organization_id = $1", [norte.id]);
      for (const said of [() => says(to, 'START'), () => setOptOut('SMS', to, false)]) {
        await said();
        await aheadByAnHour();
        await setOptOut('SMS', to, true);
        expect(await errorOf(send(server, norte, 'SMS', to))).toMatchObject({ code: 'OPTED_OUT' });
      }
      const other = newNumber();
      await says(other, 'STOP');
      await aheadByAnHour();
      await setOptOut('SMS', other, false);
      expect((await send(server, norte, 'SMS', other)).code).toBeUndefined();
    });

    it('by a word are of that sender, by setOptOut of all', async () => {
      const [ana, other] = [newNumber(), newNumber('+1628')];
      await createSender(server, norte.id, other);
      await says(ana, 'STOP');
      expect((await sms(ana, { from: other })).code).toBeUndefined();
      await setOptOut('SMS', ana, true);
      expect([(await sms(ana, { from: other })).code, (await sms(ana)).code]).toEqual(['OPTED_OUT', 'OPTED_OUT']);
      await setOptOut('SMS', ana, false);
      expect([(await sms(ana, { from: other })).code, (await sms(ana)).code]).toEqual([undefined, undefined]);
    });

    it.each([
      ['p1@münchen.example', 'p1@xn--mnchen-3ya.example'],
      ['p2@xn--mnchen-3ya.example', 'P2@MÜNCHEN.example'],
      ['müller@cliente.example', 'mu\u0308ller@cliente.example'],
    ])('hold for every spelling of an email address: of %s for %s', async (said, other) => {
      await setOptOut('EMAIL', said, true);
      expect(await errorOf(send(server, norte, 'EMAIL', other))).toMatchObject({ code: 'OPTED_OUT' });
    });

    it.each([
      ['SMS', '12025550147'],
      ['SMS', 'MyBrand'],
      ['SMS', 'ana@example.com'],
      ['WHATSAPP', '2025550147'],
      ['VOICE', 'client:ana'],
      ['EMAIL', 'ana'],
    ])(
      'of nobody who could be written to are no opt-outs: %s to %s is BAD_USER_INPUT, which says what would be right',
      async (channel, address) => {
        const { code, errors } = await gql(
          server,
          norte.key,
          'mutation($o: ID!, $c: Channel!, $a: String!) { setOptOut(organizationId: $o, channel: $c, address: $a, optedOut: true) }',
          { o: norte.id, c: channel, a: address },
        );
        expect([code, errors![0]!.extensions.field, errors![0]!.message]).toEqual([
          'BAD_USER_INPUT',
          'address',
          expect.stringMatching(/^address must be an? .*, such as /),
        ]);
      },
    );

    it('said while it waits to be tried again cancel it', async () => {
      const ana = TOO_MUCH;
      const { id } = await sms(ana);
      await until(() => requestsTo(standIn, ana)[0]?.status === 429);
      await says(ana, 'STOP');
      expect((await reached(server, norte.key, id, 'CANCELED')).error.code).toBe('OPTED_OUT');
      expect(requestsTo(standIn, ana)).toHaveLength(1);
    });

    it('to a number of a messaging service are to the service, too', async () => {
      const [ana, service] = [newNumber(), sid('MG')];
      await createSender(server, norte.id, service);
      const id = sid('SM');
      const stop = {
        MessageSid: id,
        SmsSid: id,
        AccountSid: server.accountSid,
        SmsStatus: 'received',
        From: ana,
        To: norte.number,
        Body: 'STOP',
      };
      expect((await post(server, form(server, { ...stop, MessagingServiceSid: service, NumMedia: '0' }))).status).toBe(200);
      expect([(await sms(ana, { from: service })).code, (await sms(ana)).code]).toEqual(['OPTED_OUT', 'OPTED_OUT']);
    });

    it('are of their channel and their organization', async () => {
      const ana = newNumber();
      await setOptOut('SMS', ana, true);
      expect((await send(server, norte, 'CALL', ana)).code).toBeUndefined();
      expect((await send(server, sur, 'SMS', ana)).code).toBeUndefined();
    });

    it('learnt from error 21610 hold for the next send', async () => {
      const ana = '+15005521610';
      const { id } = await sms(ana);
      expect((await reached(server, norte.key, id, 'FAILED')).error).toMatchObject({ code: '21610', retryable: false });
      expect((await sms(ana)).code).toBe('OPTED_OUT');
      expect(await sendability('SMS', ana)).toMatchObject({ allowed: false, code: 'OPTED_OUT' });
      expect(requestsTo(standIn, ana)).toHaveLength(1);
    });

    it.each(['STOP', 'setOptOut'])('said by %s between scheduling and leaving cancel it', async (by) => {
      const ana = newNumber();
      const id = await later('SMS', ana);
      await (by === 'STOP' ? says(ana, 'STOP') : setOptOut('SMS', ana, true));
      await due(id);
      const { error } = await reached(server, norte.key, id, 'CANCELED');
      expect([error.code, error.message, requestsTo(standIn, ana).length]).toEqual([
        'OPTED_OUT',
        expect.stringContaining('asked not to be contacted'),
        0,
      ]);
    });
  });

  describe('on email addresses', () => {
    it.each([
      ['bounce', 'BOUNCED'],
      ['spam', 'SPAM_REPORT'],
      ['unsubscribe', 'UNSUBSCRIBED'],
      ['dropped', 'DROPPED'],
    ])('one that came to %s is SUPPRESSED, until somebody says that it is well', async (word, status) => {
      const to = `${word}+${newNumber().slice(1)}@example.com`;
      const { id } = await send(server, norte, 'EMAIL', to);
      await reached(server, norte.key, id, status);
      await standIn.settle();
      expect(await errorOf(send(server, norte, 'EMAIL', to))).toMatchObject({
        code: 'SUPPRESSED',
        message: expect.stringContaining('lift the opt-out'),
      });
      expect(await sendability('EMAIL', to)).toMatchObject({ allowed: false, code: 'SUPPRESSED' });
      expect(requestsTo(standIn, to)).toHaveLength(1);
      await setOptOut('EMAIL', to, false);
      expect(await sendability('EMAIL', to)).toMatchObject({ allowed: true, code: null });
      expect((await send(server, norte, 'EMAIL', to)).code).toBeUndefined();
    });

    it('one that left a kind of mails is, and coming back to one takes back no other word', async () => {
      const to = newRecipient('EMAIL');
      const { id } = await send(server, norte, 'EMAIL', to);
      await reached(server, norte.key, id, ['DELIVERED', 'OPENED']);
      const keys = { privateKey: readSigningKey(world.secrets.SENDGRID_SIGNING_KEY) };
      let second = Math.floor(Date.now() / 1_000) - 60;
      const tell = async (event: string, asm_group_id?: number, at = second++) => {
        const said = { event, email: to, timestamp: at, sg_event_id: randomUUID(), centralita_activity: id, asm_group_id, reason: null };
        expect((await post(server, sendGridEvents(keys, [said]))).status).toBe(204);
      };
      const may = async () => (await sendability('EMAIL', to)).allowed as boolean;
      await tell('group_unsubscribe', 7);
      expect(await may()).toBe(false);
      await tell('group_resubscribe', 8);
      expect(await may()).toBe(false);
      await tell('group_resubscribe', 7);
      expect(await may()).toBe(true);
      expect((await send(server, norte, 'EMAIL', to)).code).toBeUndefined();
      await tell('bounce');
      await tell('group_resubscribe', 7);
      expect(await may()).toBe(false);
      expect((await send(server, norte, 'EMAIL', to)).code).toBe('SUPPRESSED');
      await setOptOut('EMAIL', to, false);
      expect(await may()).toBe(true);
    });

    it('one that refused a single mail is not', async () => {
      const to = `blocked+${newNumber().slice(1)}@example.com`;
      await reached(server, norte.key, (await send(server, norte, 'EMAIL', to)).id, 'BOUNCED');
      await standIn.settle();
      expect((await send(server, norte, 'EMAIL', to)).code).toBeUndefined();
    });

    it('of several recipients one that is SUPPRESSED is named, and nobody is written to', async () => {
      const [well, ill] = [newRecipient('EMAIL'), newRecipient('EMAIL')];
      await setOptOut('EMAIL', ill, true);
      expect(await errorOf(send(server, norte, 'EMAIL', '', { input: { to: [well, ill] } }))).toMatchObject({ code: 'OPTED_OUT', to: ill });
      expect(requestsTo(standIn, well)).toHaveLength(0);
    });
  });

  describe('on who is in copy', () => {
    const mail = (input: object, options: object = {}) =>
      send(server, norte, 'EMAIL', newRecipient('EMAIL'), { input: { ...input }, ...options });
    const byList = () => ['cc', 'bcc'].map((list) => [list, newRecipient('EMAIL')] as const);

    it('one who opted out, or is SUPPRESSED, is named in both languages, and nothing is sent', async () => {
      for (const [list, eva] of byList()) {
        await setOptOut('EMAIL', eva, true);
        const copies = { [list]: [newRecipient('EMAIL'), eva.toUpperCase()] };
        expect(await errorOf(mail(copies))).toEqual({
          code: 'OPTED_OUT',
          copy: eva,
          optedOutAt: expect.stringMatching(/^20/),
          message: expect.stringContaining(`from this sender. (in copy: ${eva}) By SMS`),
        });
        expect((await errorOf(mail(copies, { headers: { 'accept-language': 'es' } })))!.message).toContain(`(en copia: ${eva})`);
        await server.database.query(`update consent set reason = 'BOUNCED' where channel = 'EMAIL' and reason = ''`);
        expect(await errorOf(mail(copies))).toMatchObject({ code: 'SUPPRESSED', copy: eva });
        expect(requestsTo(standIn, eva)).toHaveLength(0);
        await setOptOut('EMAIL', eva, false);
        await reached(server, norte.key, (await mail(copies)).id, ['DELIVERED', 'OPENED', 'CLICKED']);
      }
    });

    it('one who opted out since then stops the approval of a draft, which stays one', async () => {
      const proposer = await createKey(server, norte.id, ['READ', 'DRAFT']);
      for (const [list, eva] of byList()) {
        const { id } = await mail({ [list]: [eva] }, { key: proposer });
        await setOptOut('EMAIL', eva, true);
        const answer = await gql(server, norte.key, APPROVE, { id });
        expect([answer.code, answer.errors![0]!.extensions.copy]).toEqual(['OPTED_OUT', eva]);
        expect((await activityOf(server, norte.key, id)).status).toBe('DRAFT');
      }
    });

    it('one who opted out between scheduling and leaving cancels it, and its event says who', async () => {
      for (const [list, eva] of byList()) {
        const { id } = await mail({ [list]: [eva], sendAt: LATER });
        await setOptOut('EMAIL', eva, true);
        await due(id);
        const { error, metadata } = await reached(server, norte.key, id, 'CANCELED');
        expect([error.code, metadata, requestsTo(standIn, eva).length]).toEqual(['OPTED_OUT', { [list]: eva, copy: eva }, 0]);
      }
    });

    it('one who opted out while it waits to be tried again cancels it', async () => {
      const eva = newRecipient('EMAIL');
      standIn.misbehave({ kind: 'RATE_LIMIT', provider: 'SENDGRID', retryAfterSeconds: 2 });
      const { id } = await mail({ cc: [eva] });
      await until(() => requestsTo(standIn, eva)[0]?.status === 429);
      await setOptOut('EMAIL', eva, true);
      expect((await reached(server, norte.key, id, 'CANCELED')).error.code).toBe('OPTED_OUT');
      expect(requestsTo(standIn, eva)).toHaveLength(1);
    });
  });
});
