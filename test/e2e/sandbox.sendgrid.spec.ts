import { EventWebhook } from '@sendgrid/eventwebhook';
import mail from '@sendgrid/mail';
import { Ear, sendGridClient, startStandIn, type StandInWorld } from '../support/stand-in.js';

const TO = 'ana@example.com';
const MAIL = { to: TO, from: 'hello@centralita.example', subject: '¿Abren?', text: 'Hola' };
const EVENTS = '/api/webhooks/email/sendgrid';

describe('The stand-in, as SendGrid', () => {
  let world: StandInWorld;
  let ear: Ear;
  beforeAll(async () => {
    ear = await Ear.start();
    world = await startStandIn({ publicUrl: 'https://hub.example', deliverTo: ear.url, stepMs: 1, retryMs: 1 });
    mail.setClient(sendGridClient(world.secrets, world.standIn.url));
  });
  beforeEach(async () => {
    await world.standIn.settle();
    ear.heard.length = 0;
    world.standIn.forget({ everything: true });
  });
  afterAll(async () => {
    await world.standIn.stop();
    await ear.stop();
  });

  const send = (given: object) => mail.send({ ...MAIL, ...given });
  /** As the API has it: what the official package would not let through. */
  const post = (body: object) => sendGridClient(world.secrets, world.standIn.url).request({ method: 'POST', url: '/v3/mail/send', body });
  const RAW = {
    personalizations: [{ to: [{ email: TO }] }],
    from: { email: MAIL.from },
    subject: 'a',
    content: [{ type: 'text/plain', value: 'a' }],
  };
  const events = async () => {
    await world.standIn.settle();
    return ear.heard.filter(({ path }) => path === EVENTS).flatMap(({ body }) => JSON.parse(body.toString()));
  };

  it('takes a mail with 202 and an id that begins the ids of its events, and gives back the custom arguments', async () => {
    const [{ statusCode, headers, body }] = await send({ customArgs: { centralita_activity: 'a1' }, categories: ['news'] });
    expect([statusCode, body, headers['x-message-id']]).toEqual([202, '', expect.stringMatching(/^[\w-]{22}$/)]);
    const told = await events();
    expect(told.map(({ event }) => event)).toEqual(['processed', 'delivered', 'open']);
    for (const event of told)
      expect(event).toMatchObject({
        email: TO,
        centralita_activity: 'a1',
        category: ['news'],
        timestamp: expect.any(Number),
        sg_message_id: expect.stringMatching(new RegExp(`^${headers['x-message-id']}\\.`)),
      });
    expect(new Set(told.map(({ sg_event_id }) => sg_event_id)).size).toBe(3);
  });

  it('signs its events so that the official verifier believes them', async () => {
    await send({});
    await world.standIn.settle();
    const verifier = new EventWebhook();
    const key = verifier.convertPublicKeyToECDSA(world.environment.SENDGRID_WEBHOOK_KEY!);
    for (const { body, headers } of ear.heard) {
      const [signature, timestamp] = ['signature', 'timestamp'].map((name) => String(headers[`x-twilio-email-event-webhook-${name}`]));
      expect(verifier.verifySignature(key, body.toString(), signature!, timestamp!)).toBe(true);
      expect(body.toString()).toMatch(/\]\r\n$/);
    }
    expect(ear.heard).toHaveLength(3);
  });

  it('tells of all copies of a request in one batch, each with an id and arguments of its own', async () => {
    const personalizations = ['a', 'b'].map((id) => ({ to: [{ email: `${id}@example.com` }], custom_args: { centralita_activity: id } }));
    await post({ ...RAW, personalizations: [...personalizations, { to: [{ email: 'c@example.com' }], cc: [{ email: 'd@example.com' }] }] });
    expect(await events()).toHaveLength(12);
    const [first] = ear.heard;
    const batch = JSON.parse(first!.body.toString());
    expect(batch.map(({ email, centralita_activity }: Record<string, string>) => [email, centralita_activity])).toEqual([
      ['a@example.com', 'a'],
      ['b@example.com', 'b'],
      ['c@example.com', undefined],
      ['d@example.com', undefined],
    ]);
    expect(new Set(batch.map(({ sg_message_id }: Record<string, string>) => sg_message_id)).size).toBe(4);
    expect(world.standIn.accepted).toHaveLength(4);
  });

  it.each([
    ['bounce@example.com', ['processed', 'bounce'], { type: 'bounce', status: '5.1.1', reason: expect.stringContaining('5.1.1') }],
    ['blocked@example.com', ['processed', 'bounce'], { type: 'blocked' }],
    ['dropped+7@example.com', ['dropped'], { reason: 'Bounced Address' }],
    ['deferred@example.com', ['processed', 'deferred', 'delivered'], {}],
    ['spam@example.com', ['processed', 'delivered', 'spamreport'], {}],
    ['unsubscribe@example.com', ['processed', 'delivered', 'unsubscribe'], {}],
    ['click@example.com', ['processed', 'delivered', 'open', 'click'], { url: expect.any(String) }],
    ['late@example.com', ['processed', 'delivered', 'bounce'], { 'smtp-id': expect.any(String) }],
  ])('lets a mail to %s end as %j', async (to, kinds, last) => {
    await send({ to });
    const told = await events();
    expect(told.map(({ event }) => event)).toEqual(kinds);
    expect(told.at(-1)).toMatchObject(last);
    expect('sg_message_id' in told.at(-1)).toBe(!to.startsWith('late'));
  });

  it('plays what a subject asks for, and counts no opening where that is not tracked', async () => {
    await send({ subject: 'see sandbox:bounce here' });
    await send({ trackingSettings: { openTracking: { enable: false } } });
    expect((await events()).map(({ event }) => event).sort()).toEqual(['bounce', 'delivered', 'processed', 'processed']);
  });

  const many = (count: number) => Array.from({ length: count }, (_, i) => ({ to: [{ email: `n${i}@example.com` }] }));
  it.each([
    [{ personalizations: [] }, 'personalizations'],
    [{ personalizations: [{ to: [] }] }, 'personalizations.0.to'],
    [{ personalizations: [{ to: [{ email: 'nobody' }] }] }, 'personalizations.0.to.0.email'],
    [{ personalizations: [{ to: [{ email: TO }], cc: [{ email: 'ANA@example.com' }] }] }, 'personalizations.0'],
    [{ personalizations: many(1001) }, 'personalizations'],
    [{ from: {} }, 'from.email'],
    [{ subject: '' }, 'subject'],
    [{ content: [] }, 'content'],
    [{ content: [{ type: 'text/plain', value: '' }] }, 'content.0.value'],
    [
      {
        content: [
          { type: 'text/html', value: '<p>' },
          { type: 'text/plain', value: 'a' },
        ],
      },
      'content',
    ],
    [{ custom_args: { a: 'b'.repeat(10_000) } }, 'custom_args'],
    [{ send_at: 4_000_000_000 }, 'send_at'],
    [{ custom_args: { a: 1 } }, 'custom_args.a'],
  ])('refuses %j with 400, and names the field', async (given, field) => {
    const { code, response } = await post({ ...RAW, ...given }).then(
      () => Promise.reject(new Error('it was taken')),
      (error: { code: number; response: { body: { errors: unknown[] } } }) => error,
    );
    expect([code, response.body.errors[0]]).toEqual([
      400,
      { message: expect.any(String), field, help: field === 'custom_args.a' ? null : expect.any(String) },
    ]);
    expect(world.standIn.accepted).toEqual([]);
  });

  it('takes as many as it may', async () => {
    expect((await post({ ...RAW, personalizations: many(1000) }))[0].statusCode).toBe(202);
  });

  it('refuses a wrong key with 401, a sender that is not verified with 403, and what is too large with 413', async () => {
    const stranger = sendGridClient({ SENDGRID_API_KEY: 'SG.wrong.key' }, world.standIn.url);
    await expect(stranger.request({ method: 'POST', url: '/v3/mail/send', body: RAW })).rejects.toMatchObject({ code: 401 });
    await expect(send({ from: 'unverified@example.com' })).rejects.toMatchObject({ code: 403 });
    const large = { content: [{ type: 'text/plain', value: 'a'.repeat(31 << 20) }] };
    await expect(post({ ...RAW, ...large })).rejects.toMatchObject({ code: 413 });
  });

  it('checks a mail in sandbox mode, and sends nothing', async () => {
    const [{ statusCode }] = await send({ mailSettings: { sandboxMode: { enable: true } } });
    expect([statusCode, await events()]).toEqual([200, []]);
  });

  it('answers for the person where it is told to, to who is to be answered', async () => {
    world.standIn.configure({ replies: true });
    await send({ replyTo: 'desk@centralita.example', headers: { 'Message-ID': '<ours@centralita.example>' } });
    await send({ to: 'bounce@example.com' });
    await world.standIn.settle();
    world.standIn.configure({ replies: false });
    const mails = ear.heard.filter(({ path }) => path === `${EVENTS}/inbound`);
    expect(mails).toHaveLength(1);
    const form = await new Response(mails[0]!.body.toString(), {
      headers: { 'content-type': String(mails[0]!.headers['content-type']) },
    }).formData();
    expect(Object.fromEntries(form)).toMatchObject({
      from: TO,
      to: 'desk@centralita.example',
      subject: 'Re: ¿Abren?',
      headers: expect.stringContaining('In-Reply-To: <ours@centralita.example>\n'),
    });
  });
});
