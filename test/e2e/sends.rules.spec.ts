import { randomBytes, randomUUID } from 'node:crypto';
import { createKey, createOrganization, createSender } from '../factories/organization.js';
import { entryOf, notificationOf, wamid } from '../factories/meta.js';
import { makeKeys, readSigningKey, sendGridEvents } from '../factories/sendgrid.js';
import {
  CHANNELS,
  createSendingOrganization,
  newNumber,
  newRecipient,
  openWindow,
  send,
  type SendingOrganization,
  senderOf,
  type Way,
} from '../factories/sends.js';
import { form, sid } from '../factories/twilio.js';
import { FeedClient, stopListening } from '../support/feed-client.js';
import { ask, gql } from '../support/graphql.js';
import { post } from '../support/post.js';
import { activityOf, heardOf, makeDue, reached, requestsTo } from '../support/sent.js';
import { TestServer } from '../support/server.js';
import { startServerWithStandIn, type StandInWorld } from '../support/stand-in.js';
import { until } from '../support/until.js';

const LATER = new Date(Date.now() + 3_600_000).toISOString();
/** To whom everything is too much, at Twilio. */
const TOO_MUCH = '+15005520429';
const HELLO = { id: 'hello_world', language: 'en_US' };
const CANCEL = 'mutation($id: ID!) { made: cancelActivity(id: $id) { id status } }';
const APPROVE = 'mutation($id: ID!, $body: String) { made: approveActivity(id: $id, body: $body) { id status body approvedBy sentBy } }';

describe('The rules of a send', () => {
  let world: StandInWorld;
  let server: TestServer;
  let standIn: StandInWorld['standIn'];
  let norte: SendingOrganization;
  let sur: SendingOrganization;

  beforeAll(async () => {
    const started = await startServerWithStandIn({ env: { SECRETS_KEY: randomBytes(32).toString('base64') } });
    [world, server, standIn] = [started, started.server, started.standIn];
    [norte, sur] = [await createSendingOrganization(server), await createSendingOrganization(server, 'sur')];
  });
  beforeEach(async () => {
    await standIn.settle();
    standIn.behave();
  });
  afterAll(async () => {
    stopListening();
    await server.dispose();
    await standIn.stop();
  });

  const says = async (from: string, body: string, to = norte.number) => {
    standIn.act({ from, to, body });
    await standIn.settle();
  };
  const sendability = async (channel: string, to: string, from: string | null = null, language = 'en') =>
    (
      await gql(
        server,
        norte.key,
        'query($o: ID!, $c: Channel!, $to: String!, $from: String) { sendability(organizationId: $o, channel: $c, to: $to, from: $from) { allowed code reason windowClosesAt optedOutAt } }',
        { o: norte.id, c: channel, to, from },
        { 'accept-language': language },
      )
    ).data.sendability;
  const setOptOut = (channel: string, address: string, optedOut: boolean) =>
    ask(
      server,
      norte.key,
      'mutation($o: ID!, $c: Channel!, $a: String!, $v: Boolean!) { setOptOut(organizationId: $o, channel: $c, address: $a, optedOut: $v) }',
      {
        o: norte.id,
        c: channel,
        a: address,
        v: optedOut,
      },
    );
  const errorOf = async (answer: ReturnType<typeof send>) => {
    const { errors } = await answer;
    return errors && ({ ...errors[0]!.extensions, message: errors[0]!.message } as Record<string, unknown>);
  };
  const sms = (to: string, input: object = {}) => send(server, norte, 'SMS', to, { input: { ...input } });
  const later = async (way: Way, to: string, input: object = {}) =>
    (await send(server, norte, way, to, { input: { ...input, sendAt: LATER } })).id;
  const due = (...ids: string[]) => makeDue(server.database, ids, () => 0);

  describe('on opt-outs', () => {
    it.each(['STOP', ' stop ', 'Unsubscribe', 'QUIT'])('after %j nothing is sent, before START', async (word) => {
      const ana = newNumber();
      await says(ana, word);
      const answer = await sms(ana);
      expect([answer.code, answer.errors![0]!.message]).toEqual([
        'OPTED_OUT',
        'This person asked not to be written to from this sender. They must write START first, or tell you so: then lift the opt-out.',
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
      expect(errors![0]!.message).toMatch(/^Esta persona pidió que no se le escriba desde este remitente\. .*START/);
      expect((await sendability('SMS', ana, null, 'es')).reason).toBe(errors![0]!.message);
    });

    it('said by a person is newer than all before, whatever a clock said then', async () => {
      const to = newNumber();
      await setOptOut('SMS', to, false);
      await server.database.query("update consent set at = at + interval '1 hour' where organization_id = $1", [norte.id]);
      await setOptOut('SMS', to, true);
      expect(await errorOf(send(server, norte, 'SMS', to))).toMatchObject({ code: 'OPTED_OUT' });
      await setOptOut('SMS', to, false);
      expect((await send(server, norte, 'SMS', to)).code).toBeUndefined();
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
        expect.stringContaining('asked not to be written to'),
        0,
      ]);
    });
  });

  describe.each<Way>(['WHATSAPP_TWILIO', 'WHATSAPP_META'])('on the window, by %s', (way) => {
    const whatsApp = (to: string, input: object = {}) => send(server, norte, way, to, { input: { ...input } });
    const may = (to: string) => sendability('WHATSAPP', to, senderOf(norte, way));
    const template = way === 'WHATSAPP_META' ? HELLO : { id: `HX${'4'.padStart(32, '0')}` };
    /** As if all that was heard of them had been so long ago. */
    const age = (hours: number) => server.database.query(`update last_heard set at = at - make_interval(secs => $1)`, [hours * 3_600]);

    it('whoever never wrote hears nothing but a template', async () => {
      const ana = newNumber();
      expect(await errorOf(whatsApp(ana))).toEqual({ code: 'WHATSAPP_WINDOW_CLOSED', message: expect.stringContaining('Use a template') });
      expect(await may(ana)).toMatchObject({ allowed: false, code: 'WHATSAPP_WINDOW_CLOSED', windowClosesAt: null });
      const { id } = await whatsApp(ana, { body: undefined, template });
      expect((await reached(server, norte.key, id, 'READ')).body).toMatch(/^Welcome and congratulations/);
    });

    it('is open for 24 hours after a message, and of that sender alone', async () => {
      const ana = newNumber();
      const before = Date.now();
      await openWindow(standIn, norte, way, ana);
      const { allowed, windowClosesAt } = await may(ana);
      expect([
        allowed,
        Date.parse(windowClosesAt) - before > 24 * 3_600_000 - 5_000,
        Date.parse(windowClosesAt) - before < 24 * 3_600_000 + 5_000,
      ]).toEqual([true, true, true]);
      await reached(server, norte.key, (await whatsApp(ana)).id, 'READ');
      const other = way === 'WHATSAPP_META' ? 'WHATSAPP_TWILIO' : 'WHATSAPP_META';
      expect((await send(server, norte, other, ana)).code).toBe('WHATSAPP_WINDOW_CLOSED');
      await age(23.9);
      expect((await whatsApp(ana)).code).toBeUndefined();
      await age(0.2);
      const error = await errorOf(whatsApp(ana));
      expect(error).toMatchObject({ code: 'WHATSAPP_WINDOW_CLOSED', windowClosedAt: (await may(ana)).windowClosesAt });
      expect(Date.parse(String(error!.windowClosedAt))).toBeLessThan(Date.now());
    });

    it('that closes between scheduling and leaving fails it', async () => {
      const ana = newNumber();
      await openWindow(standIn, norte, way, ana);
      const id = await later(way, ana);
      await age(25);
      await due(id);
      expect((await reached(server, norte.key, id, 'FAILED')).error.code).toBe('WHATSAPP_WINDOW_CLOSED');
      expect(requestsTo(standIn, ana)).toHaveLength(0);
    });
  });

  it.each([
    ['opens', 'messages', '👍', undefined],
    ['that is taken back does not open', 'messages', undefined, 'WHATSAPP_WINDOW_CLOSED'],
    ['of our own, in the phone app, does not open', 'smb_message_echoes', '👍', 'WHATSAPP_WINDOW_CLOSED'],
  ])('a reaction %s the window', async (_, field, emoji, code) => {
    const ana = newNumber();
    const { id } = await send(server, norte, 'WHATSAPP_META', ana, { input: { body: undefined, template: HELLO } });
    const { externalId } = await reached(server, norte.key, id, 'READ');
    const sides = field === 'messages' ? { from: ana.slice(1) } : { from: '12025550130', to: ana.slice(1) };
    const reaction = { message_id: externalId, ...(emoji && { emoji }) };
    const message = { id: wamid(), ...sides, timestamp: String(Math.floor(Date.now() / 1_000)), type: 'reaction', reaction };
    const list = field === 'messages' ? { messages: [message] } : { message_echoes: [message] };
    const entry = entryOf('102290129340398', norte.meta, { contacts: [{ wa_id: ana.slice(1) }], ...list }, field);
    expect((await post(server, notificationOf([entry], world.secrets.WHATSAPP_APP_SECRET))).status).toBe(200);
    expect((await activityOf(server, norte.key, id)).events.map(({ kind }: { kind: string }) => kind)).toContain('REACTION');
    expect((await send(server, norte, 'WHATSAPP_META', ana)).code).toBe(code);
  });

  it("what a person writes or reacts with in a group opens none, and a reaction to the person's own message opens it again", async () => {
    const ana = newNumber();
    const at = String(Math.floor(Date.now() / 1_000));
    const group = { group_id: `Y2FwaV9ncm91c${ana.slice(1)}` };
    const tell = async (content: object, id = wamid()) => {
      const messages = [{ id, from: ana.slice(1), timestamp: at, ...content }];
      const entry = entryOf('102290129340398', norte.meta, { contacts: [{ wa_id: ana.slice(1) }], messages });
      expect((await post(server, notificationOf([entry], world.secrets.WHATSAPP_APP_SECRET))).status).toBe(200);
      return id;
    };
    const reactTo = (id: string, more = {}) => tell({ type: 'reaction', reaction: { message_id: id, emoji: '👍' }, ...more });
    const inGroup = await tell({ type: 'text', text: { body: 'a todos' }, ...group });
    await reactTo(inGroup, group);
    expect((await send(server, norte, 'WHATSAPP_META', ana)).code).toBe('WHATSAPP_WINDOW_CLOSED');
    const own = await tell({ type: 'text', text: { body: 'hola' } });
    await server.database.query('delete from last_heard');
    await reactTo(own);
    expect((await send(server, norte, 'WHATSAPP_META', ana)).code).toBeUndefined();
  });

  describe('on templates', () => {
    const reminder: Record<string, { id: string; language?: string }> = {
      WHATSAPP_TWILIO: { id: `HX${'1'.padStart(32, '0')}` },
      WHATSAPP_META: { id: 'appointment_reminder', language: 'es_MX' },
    };
    const byTemplate = (way: Way, template: object, to = newNumber(), headers = {}) =>
      send(server, norte, way, to, { input: { body: undefined, template }, headers, selection: 'id body' });

    it.each<Way>(['WHATSAPP_TWILIO', 'WHATSAPP_META'])(
      '%s: a text with its places filled leaves, given as an object or a list',
      async (way) => {
        for (const variables of [{ 1: 'Ana', 2: 'lunes' }, ['Ana', 'lunes']]) {
          const to = newNumber();
          const { id, sent } = await byTemplate(way, { ...reminder[way], variables }, to);
          expect(sent[0].body).toMatch(/Ana.*lunes/);
          await reached(server, norte.key, id, 'READ');
          expect(standIn.accepted.find((item) => item.to.includes(to.slice(1)))).toMatchObject({ text: sent[0].body });
        }
      },
    );

    it.each([
      ['a variable that is missing', { variables: { 1: 'Ana' } }, { missing: '2' }],
      ['a variable that is empty', { variables: { 1: 'Ana', 2: '' } }, { missing: '2' }],
      ['a variable that it does not have', { variables: { 1: 'Ana', 2: 'lunes', tercera: 'x' } }, { unknown: 'tercera' }],
      ['both', { variables: { 1: 'Ana', 3: 'x' } }, { missing: '2', unknown: '3' }],
      ['no such template', { id: `HX${'9'.repeat(32)}` }, {}],
    ])('TEMPLATE_INVALID tells %s', async (_, given, details) => {
      const to = newNumber();
      const answer = await byTemplate('WHATSAPP_TWILIO', { ...reminder.WHATSAPP_TWILIO, ...given }, to);
      const { code, ...told } = answer.errors![0]!.extensions;
      expect([code, told]).toEqual(['TEMPLATE_INVALID', details]);
      expect(requestsTo(standIn, to)).toHaveLength(0);
    });

    it('TEMPLATE_INVALID names what is missing in both languages', async () => {
      const template = { ...reminder.WHATSAPP_META, variables: { 1: 'Ana', x: '1' } };
      const message = async (language: string) =>
        (await byTemplate('WHATSAPP_META', template, newNumber(), { 'accept-language': language })).errors![0]!.message;
      expect(await message('en')).toContain('(missing: 2; not in it: x)');
      expect(await message('es')).toContain('(falta: 2; no está en ella: x)');
    });

    it.each<Way>(['WHATSAPP_TWILIO', 'WHATSAPP_META'])('%s: what was not approved leaves while the window is open alone', async (way) => {
      const to = newNumber();
      const offer = way === 'WHATSAPP_META' ? { id: 'spring_offer', language: 'en' } : { id: `HX${'5'.padStart(32, '0')}` };
      const template = { ...offer, variables: ['Ana', '20 %'] };
      const { code, unapproved } = (await byTemplate(way, template, to)).errors![0]!.extensions;
      expect([code, unapproved]).toEqual(['TEMPLATE_INVALID', offer.id]);
      await openWindow(standIn, norte, way, to);
      expect((await byTemplate(way, template, to)).code).toBeUndefined();
    });

    it.each<Way>(['WHATSAPP_TWILIO', 'WHATSAPP_META'])('%s: a definition that cannot be had stops nothing', async (way) => {
      standIn.misbehave({ kind: 'ERROR', status: 500, method: 'GET', times: 0 });
      const id = way === 'WHATSAPP_META' ? 'order_update' : `HX${'3'.padStart(32, '0')}`;
      const to = newNumber();
      const answer = await byTemplate(way, { id, language: 'en', variables: { 1: 'A-1', 2: 'here' } }, to);
      expect([answer.code, answer.sent[0]?.body]).toEqual([undefined, null]);
      await until(() => requestsTo(standIn, to).length === 1);
      await reached(server, norte.key, answer.id, 'READ');
    });

    it('templates lists what a sender has, and says in words where it cannot', async () => {
      const list = (from: string) =>
        gql(
          server,
          norte.key,
          'query($o: ID!, $f: String) { templates(organizationId: $o, from: $f) { id name language body variables approved } }',
          { o: norte.id, f: from },
        );
      for (const from of [norte.whatsApp, norte.meta]) {
        const { templates } = (await list(from)).data;
        expect(templates).toContainEqual({
          id: from === norte.meta ? 'appointment_reminder' : reminder.WHATSAPP_TWILIO!.id.replace(/1$/, '2'),
          name: 'appointment_reminder',
          language: 'es_MX',
          body: expect.stringMatching(/^Hola \{\{1\}\}/),
          variables: ['1', '2'],
          approved: true,
        });
        expect(templates.find((one: { name: string }) => one.name === 'spring_offer').approved).toBe(false);
      }
      const before = standIn.requests.length;
      const aliases = Array.from({ length: 100 }, (_, i) => `a${i}: templates(organizationId: $o, from: $f) { id }`).join(' ');
      const many = await gql(server, norte.key, `query($o: ID!, $f: String) { ${aliases} }`, { o: norte.id, f: norte.meta });
      expect([Object.keys(many.data as object).length, standIn.requests.length - before]).toEqual([100, 1]);
      standIn.misbehave({ kind: 'ERROR', status: 500, method: 'GET' });
      expect(await list(norte.meta)).toMatchObject({
        code: 'PROVIDER_NOT_CONFIGURED',
        errors: [{ message: expect.stringMatching(/^The provider did not give/) }],
      });
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
          message: expect.stringContaining(`from this sender. (in copy: ${eva}) They must`),
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

  describe('on the conversation', () => {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is the query's
    const conversationOf = async (address: string): Promise<any[]> => {
      const query =
        'query($o: ID!, $a: String) { activities(organizationId: $o, filter: { participant: $a }) { edges { node { id cursor occurredAt } } } }';
      return (await ask(server, norte.key, query, { o: norte.id, a: address })).activities.edges.map(({ node }: { node: unknown }) => node);
    };

    it.each(['the contact', 'a colleague'])(
      'a send by who has not seen what %s wrote is refused with CONVERSATION_MOVED, which names it',
      async (who) => {
        const ana = newNumber();
        await says(ana, 'one');
        const [{ cursor: seen }] = await conversationOf(ana);
        await (who === 'the contact' ? says(ana, 'two') : sms(ana));
        const [newest] = await conversationOf(ana);
        const told = { latestActivityId: newest.id, at: newest.occurredAt };
        const message = 'The contact or a colleague has written since. Read what is new, then send again.';
        expect(await errorOf(sms(ana, { ifLatest: seen }))).toEqual({ code: 'CONVERSATION_MOVED', ...told, message });
        expect((await sms(ana, { ifLatest: newest.cursor })).code).toBeUndefined();
      },
    );

    it('what others wrote, what came on another channel to somebody else, and drafts, move nothing', async () => {
      const ana = newNumber();
      await says(ana, 'one');
      const [{ cursor: seen }] = await conversationOf(ana);
      await says(newNumber(), 'of another');
      await send(server, norte, 'SMS', ana, { key: await createKey(server, norte.id, ['READ', 'DRAFT']) });
      expect((await sms(ana, { ifLatest: seen })).code).toBeUndefined();
    });

    it('a draft moves it when it is approved, and one that is canceled never does', async () => {
      const [ana, proposer] = [newNumber(), await createKey(server, norte.id, ['READ', 'DRAFT'])];
      const propose = async () => (await send(server, norte, 'SMS', ana, { key: proposer })).id;
      const feedCursor = async () => {
        const query = 'query($o: ID!) { activities(organizationId: $o, first: 1) { feedCursor } }';
        return (await ask(server, norte.key, query, { o: norte.id })).activities.feedCursor as string;
      };
      await says(ana, 'one');
      const [canceled, approved] = [await propose(), await propose()];
      const seen = await feedCursor();
      await ask(server, norte.key, CANCEL, { id: canceled });
      await ask(server, norte.key, CANCEL, { id: await propose() });
      expect((await sms(ana, { ifLatest: seen })).code).toBeUndefined();
      const last = await feedCursor();
      await ask(server, norte.key, APPROVE, { id: approved });
      expect(await errorOf(sms(ana, { ifLatest: last }))).toMatchObject({ code: 'CONVERSATION_MOVED', latestActivityId: approved });
      expect((await sms(ana, { ifLatest: await feedCursor() })).code).toBeUndefined();
    });

    it('of 20 who have all seen the newest one may send', async () => {
      const ana = newNumber();
      await says(ana, 'one');
      const [{ cursor: ifLatest }] = await conversationOf(ana);
      const codes = (await Promise.all(Array.from({ length: 20 }, () => sms(ana, { ifLatest })))).map(({ code }) => code);
      expect(codes.filter((code) => code === undefined)).toHaveLength(1);
      expect(new Set(codes)).toEqual(new Set([undefined, 'CONVERSATION_MOVED']));
    });

    it('what is scheduled fails where the contact wrote before it left, and leaves where nobody did', async () => {
      const schedule = async (to: string) => {
        await says(to, 'one');
        const [{ cursor: ifLatest }] = await conversationOf(to);
        return later('SMS', to, { ifLatest });
      };
      const [ana, eva] = [newNumber(), newNumber()];
      const [moved, still] = [await schedule(ana), await schedule(eva)];
      await says(ana, 'two');
      await due(moved, still);
      const { error } = await reached(server, norte.key, moved, 'FAILED');
      expect([error.code, requestsTo(standIn, ana).length]).toEqual(['CONVERSATION_MOVED', 0]);
      await reached(server, norte.key, still, 'DELIVERED');
    });

    it('what is tried again is not stopped by what its writer sent after it', async () => {
      await says(TOO_MUCH, 'START');
      const [{ cursor: ifLatest }] = await conversationOf(TOO_MUCH);
      const { id } = await sms(TOO_MUCH, { ifLatest });
      await until(() => requestsTo(standIn, TOO_MUCH).at(-1)?.status === 429);
      const before = requestsTo(standIn, TOO_MUCH).length;
      await later('SMS', TOO_MUCH);
      await due(id);
      await until(() => requestsTo(standIn, TOO_MUCH).length > before);
      expect((await activityOf(server, norte.key, id)).status).not.toBe('FAILED');
      await ask(server, norte.key, CANCEL, { id });
    });

    it('a draft is approved where nobody wrote since it was proposed, and refused where somebody did', async () => {
      const [ana, proposer] = [newNumber(), await createKey(server, norte.id, ['READ', 'DRAFT'])];
      const propose = async () => {
        // An approval is an event of its draft: the draft's own cursor stands before it.
        const query = 'query($o: ID!) { activities(organizationId: $o, first: 1) { feedCursor } }';
        const ifLatest = (await ask(server, norte.key, query, { o: norte.id })).activities.feedCursor as string;
        return (await send(server, norte, 'SMS', ana, { key: proposer, input: { ifLatest } })).id;
      };
      await says(ana, 'one');
      const first = await propose();
      expect((await gql(server, norte.key, APPROVE, { id: first })).code).toBeUndefined();
      await reached(server, norte.key, first, 'DELIVERED');
      const second = await propose();
      await says(ana, 'two');
      expect((await gql(server, norte.key, APPROVE, { id: second })).code).toBe('CONVERSATION_MOVED');
      expect((await activityOf(server, norte.key, second)).status).toBe('DRAFT');
    });

    it('what is no cursor of this feed is BAD_USER_INPUT', async () => {
      expect(await errorOf(sms(newNumber(), { ifLatest: 'nonsense' }))).toMatchObject({ code: 'BAD_USER_INPUT', field: 'ifLatest' });
    });
  });

  describe('on drafts', () => {
    it('answers nobody: who wrote waits for a reply until one has left', async () => {
      const ana = newNumber();
      await says(ana, 'hola');
      const waits = async () => {
        const { contacts } = await ask(
          server,
          norte.key,
          'query($o: ID!, $x: String) { contacts(organizationId: $o, search: $x) { edges { node { conversation { awaitingReply } } } } }',
          { o: norte.id, x: ana },
        );
        return contacts.edges[0].node.conversation.awaitingReply as boolean;
      };
      const { id } = await send(server, norte, 'SMS', ana, { key: await createKey(server, norte.id, ['READ', 'DRAFT']) });
      expect(await waits()).toBe(true);
      await ask(server, norte.key, APPROVE, { id });
      await reached(server, norte.key, id, ['SENT', 'DELIVERED']);
      expect(await waits()).toBe(false);
    });

    it('shows in the conversation when it left, not when it was proposed', async () => {
      const ana = newNumber();
      await says(ana, 'one');
      const { id } = await send(server, norte, 'SMS', ana, { key: await createKey(server, norte.id, ['READ', 'DRAFT']) });
      const scheduled = await later('SMS', ana);
      await says(ana, 'two');
      const order = async () =>
        (
          await ask(
            server,
            norte.key,
            'query($o: ID!, $a: String) { activities(organizationId: $o, filter: { participant: $a }) { edges { node { id body } } } }',
            { o: norte.id, a: ana },
          )
        ).activities.edges.map(({ node }: { node: { id: string; body: string } }) =>
          node.id === id ? 'draft' : node.id === scheduled ? 'scheduled' : node.body,
        );
      expect(await order()).toEqual(['two', 'scheduled', 'draft', 'one']);
      await ask(server, norte.key, APPROVE, { id });
      await reached(server, norte.key, id, 'DELIVERED');
      expect(await order()).toEqual(['draft', 'two', 'scheduled', 'one']);
      await due(scheduled);
      await reached(server, norte.key, scheduled, 'DELIVERED');
      expect(await order()).toEqual(['scheduled', 'draft', 'two', 'one']);
    });

    let proposer: string;
    let feed: FeedClient;
    beforeAll(async () => {
      proposer = await createKey(server, norte.id, ['READ', 'DRAFT']);
      feed = await new FeedClient(server, norte.key, 'activityFeed', { organizationId: norte.id }).live();
    });
    const propose = async (to: string, input: object = {}, way: Way = 'SMS') =>
      (await send(server, norte, way, to, { key: proposer, input: { ...input } })).id;
    const approve = (id: string, body?: string, key = norte.key) => gql(server, key, APPROVE, { id, body });
    const cancel = (id: string, key = norte.key) => gql(server, key, CANCEL, { id });

    it.each<Way>(['SMS', 'EMAIL', 'CALL'])(
      '%s: a key that may only DRAFT makes one, which is heard, waits, and leaves when a person approves',
      async (way) => {
        const to = newRecipient(way);
        const id = await propose(to, {}, way);
        await until(() => heardOf(feed, id).length > 0, { what: 'the draft in the feed' });
        expect(await activityOf(server, norte.key, id)).toMatchObject({
          status: 'DRAFT',
          sentBy: 'test',
          approvedBy: null,
          events: [{ status: 'DRAFT' }],
        });
        expect(requestsTo(standIn, to)).toHaveLength(0);
        expect((await approve(id)).data.made).toMatchObject({ status: 'QUEUED', approvedBy: 'test' });
        const { events } = await reached(server, norte.key, id, ['DELIVERED', 'OPENED', 'COMPLETED']);
        expect(events.map(({ status }: { status: string }) => status).slice(0, 2)).toEqual(['DRAFT', 'QUEUED']);
        expect([requestsTo(standIn, to).length, (await approve(id)).code]).toEqual([1, 'BAD_USER_INPUT']);
      },
    );

    it('is approved with another text, which leaves and is what is kept', async () => {
      const to = newNumber();
      const id = await propose(to);
      expect((await approve(id, 'mejor así')).data.made).toMatchObject({ body: 'mejor así' });
      expect((await reached(server, norte.key, id, 'DELIVERED')).body).toBe('mejor así');
      expect(requestsTo(standIn, to)).toMatchObject([{ parameters: { Body: 'mejor así' } }]);
    });

    it.each(['', ' \n'])('is not approved with %j for its text, and stays a draft', async (body) => {
      const to = newNumber();
      const id = await propose(to);
      expect((await approve(id, body)).errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'body' });
      expect(await activityOf(server, norte.key, id)).toMatchObject({ status: 'DRAFT', body: 'hola' });
      expect(requestsTo(standIn, to)).toHaveLength(0);
    });

    it('is approved once, however many do it at once', async () => {
      const to = newNumber();
      const id = await propose(to);
      const codes = (await Promise.all(Array.from({ length: 20 }, () => approve(id)))).map(({ code }) => code);
      expect(codes.filter((code) => code === undefined)).toHaveLength(1);
      await reached(server, norte.key, id, 'DELIVERED');
      expect(requestsTo(standIn, to)).toHaveLength(1);
    });

    it('is judged again: an opt-out since then stops the approval, and it stays a draft', async () => {
      const to = newNumber();
      const id = await propose(to);
      await says(to, 'STOP');
      expect((await approve(id)).code).toBe('OPTED_OUT');
      expect((await activityOf(server, norte.key, id)).status).toBe('DRAFT');
      await says(to, 'START');
      expect((await approve(id)).code).toBeUndefined();
    });

    it('that is scheduled leaves at its time once it is approved, and not before', async () => {
      const to = newNumber();
      const id = await propose(to, { sendAt: LATER });
      const sendAt = async () =>
        (await gql(server, norte.key, 'query($id: ID!) { activity(id: $id) { sendAt } }', { id })).data.activity.sendAt as unknown;
      expect(await sendAt()).toBe(new Date(LATER).toISOString());
      expect((await approve(id)).data.made.status).toBe('SCHEDULED');
      expect([await sendAt(), requestsTo(standIn, to)]).toEqual([new Date(LATER).toISOString(), []]);
      await due(id);
      await reached(server, norte.key, id, 'DELIVERED');
      expect(await sendAt()).toBeNull();
    });

    it('shows the links that leave with it', async () => {
      const mediaUrls = ['https://example.com/a.png'];
      const id = await propose(newNumber(), { body: undefined, mediaUrls });
      expect(await activityOf(server, norte.key, id)).toMatchObject({ status: 'DRAFT', body: null, metadata: { mediaUrls } });
    });

    it('that is canceled never leaves', async () => {
      const to = newNumber();
      const id = await propose(to);
      expect((await cancel(id)).data.made.status).toBe('CANCELED');
      await until(() => heardOf(feed, id).includes('CANCELED'), { what: 'CANCELED in the feed' });
      expect([(await approve(id)).code, (await cancel(id)).data.made.status]).toEqual(['BAD_USER_INPUT', 'CANCELED']);
      expect(requestsTo(standIn, to)).toHaveLength(0);
    });

    it('is approved and canceled by who may SEND there, and by nobody else', async () => {
      const id = await propose(newNumber());
      const reader = await createKey(server, norte.id, ['READ']);
      for (const [key, code] of [
        [proposer, 'FORBIDDEN'],
        [reader, 'FORBIDDEN'],
        [sur.key, 'NOT_FOUND'],
        ['', 'UNAUTHENTICATED'],
      ] as const)
        expect([(await approve(id, undefined, key)).code, (await cancel(id, key)).code]).toEqual([code, code]);
      expect((await activityOf(server, norte.key, id)).status).toBe('DRAFT');
    });

    it('is what a key that may only READ is told of, beside SEND', async () => {
      const key = await createKey(server, norte.id, ['READ']);
      for (const channel of ['SMS', 'EMAIL'] as const)
        expect(await errorOf(send(server, norte, channel, newRecipient(channel), { key }))).toMatchObject({
          code: 'FORBIDDEN',
          message: 'This credential lacks the scope SEND, or DRAFT to propose.',
        });
    });

    it('of a mail with HTML, or by a template, takes no other text', async () => {
      const mail = await propose(newRecipient('EMAIL'), { html: '<p>hola</p>' }, 'EMAIL');
      const template = await propose(newNumber(), { body: undefined, template: HELLO }, 'WHATSAPP_META');
      for (const id of [mail, template]) expect(await approve(id, 'otra cosa')).toMatchObject({ code: 'BAD_USER_INPUT' });
    });
  });

  describe('on what is canceled', () => {
    it('one that is scheduled never leaves, and one that left is not taken back', async () => {
      const [to, other] = [newNumber(), newNumber()];
      const id = await later('SMS', to);
      expect((await activityOf(server, norte.key, id)).status).toBe('SCHEDULED');
      expect((await gql(server, norte.key, CANCEL, { id })).data.made.status).toBe('CANCELED');
      await due(id);
      const sent = (await sms(other)).id;
      await reached(server, norte.key, sent, 'DELIVERED');
      expect((await gql(server, norte.key, CANCEL, { id: sent })).code).toBe('BAD_USER_INPUT');
      expect([(await activityOf(server, norte.key, id)).status, requestsTo(standIn, to).length]).toEqual(['CANCELED', 0]);
    });

    it('one that waits to be tried again never leaves', async () => {
      const to = '+15005130429'; // 429 by Meta, always
      const { id } = await send(server, norte, 'WHATSAPP_META', to, { input: { body: undefined, template: HELLO } });
      await until(
        async () => (await server.database.query(`select from send_item where activity_id = $1 and state = 'WAITING'`, [id])).length,
      );
      expect((await gql(server, norte.key, CANCEL, { id })).data.made.status).toBe('CANCELED');
      const other = await later('SMS', newNumber());
      await makeDue(server.database, [other], () => 1_300);
      await reached(server, norte.key, other, 'DELIVERED');
      expect(requestsTo(standIn, to)).toHaveLength(1);
    });

    it("what came in, and what is nobody's, is not", async () => {
      const ana = newNumber();
      await says(ana, 'hola');
      const [row] = await server.database.query<{ id: string }>('select id from activity where "from" = $1', [ana]);
      expect((await gql(server, norte.key, CANCEL, { id: row!.id })).code).toBe('BAD_USER_INPUT');
      expect((await gql(server, norte.key, CANCEL, { id: '01a2153f-0000-7000-8000-000000000001' })).code).toBe('NOT_FOUND');
    });
  });

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

  it('a key that is known answers with its activities, whatever the rules now say', async () => {
    const [ana, mail] = [newNumber(), newRecipient('EMAIL')];
    const input = { idempotencyKey: 'before the rules' };
    const first = await sms(ana, input);
    await says(ana, 'STOP');
    expect((await sms(ana, input)).id).toBe(first.id);
    expect((await sms(ana, { ...input, idempotencyKey: 'after the rules' })).code).toBe('OPTED_OUT');

    const template = { id: `HX${'1'.padStart(32, '0')}`, variables: { 1: 'Ana', 2: 'lunes' } };
    const byTemplate = { idempotencyKey: 'a template', body: undefined, template };
    const sent = await send(server, norte, 'WHATSAPP_TWILIO', ana, { input: byTemplate });
    standIn.misbehave({ kind: 'ERROR', status: 404, method: 'GET', times: 0 });
    expect((await send(server, norte, 'WHATSAPP_TWILIO', ana, { input: byTemplate })).id).toBe(sent.id);

    const seen = (await ask(server, norte.key, 'query($o: ID!) { feed(organizationId: $o, first: 200) { cursor } }', { o: norte.id })).feed
      .cursor;
    const ifLatest = { idempotencyKey: 'a cursor', ifLatest: seen };
    const [one, again] = [
      await send(server, norte, 'EMAIL', mail, { input: ifLatest }),
      await send(server, norte, 'EMAIL', mail, { input: ifLatest }),
    ];
    expect([one.code, again.id]).toEqual([undefined, one.id]);
  });
});
