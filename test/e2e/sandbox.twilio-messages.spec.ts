import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import { Ear, startStandIn, type StandInWorld, twilioClient } from '../support/stand-in.js';

const [ALICE, OURS] = ['+12025550147', '+15005550006'];

describe('The stand-in, as Twilio for messages', () => {
  let world: StandInWorld;
  let ear: Ear;
  const client = () => twilioClient(world.secrets, world.standIn.url);
  const send = (message: object) => client().messages.create({ to: ALICE, from: OURS, body: 'hola', ...message });
  const played = async () => {
    await world.standIn.settle();
    return ear.forms();
  };
  beforeAll(async () => {
    ear = await Ear.start();
    world = await startStandIn({ publicUrl: ear.url, deliverTo: ear.url, stepMs: 1, retryMs: 1 });
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

  it('takes an SMS as queued, and calls back that it is sent and delivered, in forms that the official package believes', async () => {
    const message = await send({ statusCallback: `${ear.url}/back?centralita_activity=7#rc=5&rp=all` });
    expect(message).toMatchObject({
      sid: expect.stringMatching(/^SM[0-9a-f]{32}$/),
      status: 'queued',
      direction: 'outbound-api',
      to: ALICE,
    });
    expect([message.from, message.body, message.dateSent, message.errorCode]).toEqual([OURS, 'hola', null, null]);
    const forms = await played();
    expect(forms.map(({ MessageStatus }) => MessageStatus)).toEqual(['sent', 'delivered']);
    for (const [i, { path, headers }] of ear.heard.entries()) {
      expect(path).toBe('/back?centralita_activity=7');
      const signature = String(headers['x-twilio-signature']);
      expect(validateRequest(world.secrets.TWILIO_AUTH_TOKEN, signature, ear.url + path, forms[i]!)).toBe(true);
    }
    expect(forms[1]).toMatchObject({ MessageSid: message.sid, To: ALICE, From: OURS, AccountSid: world.secrets.TWILIO_ACCOUNT_SID });
    expect(forms[1]).not.toHaveProperty('Body');
    expect(await client().messages(message.sid).fetch()).toMatchObject({ status: 'delivered', dateSent: expect.any(Date) });
  });

  it('plays WhatsApp up to READ, with what WhatsApp adds', async () => {
    await send({ to: `whatsapp:${ALICE}`, from: `whatsapp:${OURS}`, statusCallback: `${ear.url}/back` });
    const forms = await played();
    expect(forms.map(({ MessageStatus }) => MessageStatus)).toEqual(['sent', 'delivered', 'read']);
    expect(forms[2]).toMatchObject({ ChannelPrefix: 'whatsapp', EventType: 'READ', To: `whatsapp:${ALICE}` });
  });

  it('takes what a messaging service sends as accepted, from a number it chooses', async () => {
    const messagingServiceSid = `MG${'1'.repeat(32)}`;
    const message = await send({ from: undefined, messagingServiceSid, statusCallback: `${ear.url}/back` });
    expect([message.status, message.from]).toEqual(['accepted', null]);
    expect((await played())[0]).toMatchObject({ MessagingServiceSid: messagingServiceSid, From: OURS });
  });

  it('fills a template, and fails one whose variables are missing', async () => {
    const template = { body: undefined, contentSid: `HX${'1'.padStart(32, '0')}`, to: `whatsapp:${ALICE}`, from: `whatsapp:${OURS}` };
    const message = await send({ ...template, contentVariables: JSON.stringify({ 1: 'Bea', 2: 'today' }) });
    expect(message.body).toMatch(/^Hello Bea, we expect you on today\./);
    const incomplete = await send({ ...template, contentVariables: '{"1":"Bea"}' });
    await played();
    expect(await client().messages(incomplete.sid).fetch()).toMatchObject({ status: 'failed', errorCode: 63028 });
    await expect(send({ ...template, contentVariables: 'no JSON' })).rejects.toMatchObject({ status: 400, code: 21656 });
    await expect(send({ ...template, contentSid: `HX${'9'.repeat(32)}` })).rejects.toMatchObject({ status: 400, code: 21655 });
  });

  it('fetches our own files, whose links it can be given, and fails the message whose file is not there', async () => {
    ear.answer = ({ path }) => ({ status: path === '/media/1' ? 200 : 404 });
    const [good, bad] = [
      await send({ mediaUrl: [`${ear.url}/media/1`, 'https://elsewhere.example/a.png'] }),
      await send({ mediaUrl: [`${ear.url}/media/2`] }),
    ];
    expect([good.sid.slice(0, 2), good.numMedia]).toEqual(['MM', '2']);
    await played();
    ear.answer = () => ({});
    expect(await client().messages(good.sid).fetch()).toMatchObject({ status: 'delivered' });
    expect(await client().messages(bad.sid).fetch()).toMatchObject({ status: 'failed', errorCode: 63019 });
    expect(ear.heard.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(['GET /media/1', 'GET /media/2']);
  });

  it.each([
    [{ to: '' }, 21604],
    [{ from: '' }, 21603],
    [{ body: '' }, 21602],
    [{ body: 'a'.repeat(1601) }, 21617],
    [{ to: '12' }, 21211],
    [{ from: '+++' }, 21212],
    [{ to: `whatsapp:${ALICE}` }, 21910],
    [{ statusCallback: 'http://under_score.example/' }, 21609],
    [{ mediaUrl: ['no address'] }, 21620],
    [{ mediaUrl: Array.from({ length: 11 }, (_, i) => `https://a.example/${i}`) }, 21623],
    // Twilio's own magic numbers.
    [{ to: '+15005550001' }, 21211],
    [{ to: '+15005550002' }, 21612],
    [{ to: '+15005550003' }, 21408],
    [{ to: '+15005550004' }, 21610],
    [{ to: '+15005550009' }, 21614],
    [{ from: '+15005550001' }, 21212],
    [{ from: '+15005550007' }, 21606],
    // Ours: the last five digits, or the text.
    [{ to: '+15005521610' }, 21610],
    [{ body: 'please sandbox:21408 this' }, 21408],
  ])('refuses %j with 400 and code %i, and sends nothing', async (message, code) => {
    const refused = send(message);
    await expect(refused).rejects.toMatchObject({ status: 400, code, moreInfo: `https://www.twilio.com/docs/errors/${code}` });
    await played();
    expect([world.standIn.accepted.length, world.standIn.sends('TWILIO').length]).toEqual([0, 1]);
  });

  it('answers that a full queue and too many requests are 429, and wrong credentials 401', async () => {
    await expect(send({ from: '+15005550008' })).rejects.toMatchObject({ status: 429, code: 21611 });
    await expect(send({ to: '+15005520429' })).rejects.toMatchObject({ status: 429, code: 20429 });
    const stranger = twilioClient({ ...world.secrets, TWILIO_AUTH_TOKEN: 'wrong' }, world.standIn.url);
    await expect(stranger.messages.create({ to: ALICE, from: OURS, body: 'a' })).rejects.toMatchObject({ status: 401, code: 20003 });
  });

  it.each([
    ['+15005530003', ['sent', 'undelivered'], '30003'],
    ['+15005530007', ['sent', 'undelivered'], '30007'],
    ['whatsapp:+15005563016', ['failed'], '63016'],
    ['whatsapp:+15005563024', ['failed'], '63024'],
  ])('lets a message to %s end as %j', async (to, statuses, code) => {
    await send({ to, from: to.startsWith('whatsapp:') ? `whatsapp:${OURS}` : OURS, statusCallback: `${ear.url}/back` });
    const forms = await played();
    expect(forms.map(({ MessageStatus }) => MessageStatus)).toEqual(statuses);
    expect(forms.at(-1)).toMatchObject({ ErrorCode: code });
  });

  it('lists messages by number and time, page by page, with the inbound ones', async () => {
    const begun = new Date(Date.now() - 1000);
    for (let i = 0; i < 5; i++) await send({ body: `number ${i}` });
    await send({ to: '+12025550148' });
    world.standIn.act({ from: ALICE, to: OURS, body: 'y yo' });
    await played();
    const list = (filter: object) => client().messages.list({ pageSize: 2, ...filter });
    expect((await list({ to: ALICE })).map(({ body }) => body)).toEqual([4, 3, 2, 1, 0].map((i) => `number ${i}`));
    expect(await list({ to: OURS })).toMatchObject([{ direction: 'inbound', status: 'received', body: 'y yo', from: ALICE }]);
    expect(await list({ from: OURS, limit: 3 })).toHaveLength(3);
    expect(await list({ dateSentAfter: begun })).toHaveLength(7);
    expect(await list({ dateSentBefore: begun })).toHaveLength(0);
    expect(await list({ dateSent: new Date() })).toHaveLength(7);
    world.standIn.configure({ listDelayMs: 60_000 });
    expect(await list({})).toHaveLength(0);
    world.standIn.configure({ listDelayMs: 0 });
    await expect(
      client()
        .messages(`SM${'0'.repeat(32)}`)
        .fetch(),
    ).rejects.toMatchObject({ status: 404, code: 20404 });
  });

  it('lets a person write to the door of the channel, and serves the files that came with it to who has the credentials', async () => {
    const messageSid = world.standIn.act({
      channel: 'WHATSAPP',
      from: ALICE,
      to: OURS,
      body: 'mire',
      media: ['image/jpeg', 'application/pdf', 'audio/mpeg'],
    });
    const [form] = await played();
    expect(ear.heard[0]!.path).toBe('/api/webhooks/whatsapp/twilio');
    expect(form).toMatchObject({ MessageSid: messageSid, From: `whatsapp:${ALICE}`, Body: 'mire', NumMedia: '3' });
    const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN } = world.secrets;
    const authorization = `Basic ${Buffer.from(`${TWILIO_ACCOUNT_SID}:${TWILIO_AUTH_TOKEN}`).toString('base64')}`;
    const urls = [form!.MediaUrl0!, form!.MediaUrl1!, form!.MediaUrl2!].map((url) =>
      url.replace('https://api.twilio.com', world.standIn.url),
    );
    const files = await Promise.all(urls.map((url) => fetch(url, { headers: { authorization } })));
    expect(files.map(({ headers }) => headers.get('content-type'))).toEqual(['image/jpeg', 'application/pdf', 'audio/mpeg']);
    expect(
      Buffer.from(await files[0]!.arrayBuffer())
        .subarray(0, 3)
        .toString('hex'),
    ).toBe('ffd8ff');
    expect((await fetch(urls[0]!)).status).toBe(401);
    const listed = await client().messages(messageSid).media.list();
    expect(listed.map(({ sid, contentType }) => [urls.findIndex((url) => url.endsWith(sid)), contentType])).toEqual([
      [0, 'image/jpeg'],
      [1, 'application/pdf'],
      [2, 'audio/mpeg'],
    ]);
  });

  it('answers for the person where it is told to, once the message has reached them', async () => {
    world.standIn.configure({ replies: true });
    await send({});
    await send({ to: '+15005530003' });
    const forms = await played();
    world.standIn.configure({ replies: false });
    expect(forms).toMatchObject([{ From: ALICE, To: OURS, SmsStatus: 'received', Body: 'Thanks, got it!' }]);
  });
});
