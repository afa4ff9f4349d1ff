import { createHash, createHmac } from 'node:crypto';
import { Ear, startStandIn, type StandInWorld } from '../support/stand-in.js';

const [ALICE, NUMBER] = ['+12025550147', '106540352242922'];

describe('The stand-in, as Meta', () => {
  let world: StandInWorld;
  let ear: Ear;
  beforeAll(async () => {
    ear = await Ear.start();
    world = await startStandIn({ publicUrl: 'https://hub.example', deliverTo: ear.url, stepMs: 1, retryMs: 1 });
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

  const graph = async (method: string, path: string, body?: object, token = world.secrets.WHATSAPP_ACCESS_TOKEN) => {
    const isForm = body instanceof FormData;
    const response = await fetch(`${world.standIn.url}/v26.0/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(!isForm && body && { 'content-type': 'application/json' }) },
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as any }; // eslint-disable-line @typescript-eslint/no-explicit-any -- the shape is Meta's
  };
  const send = (message: object, number = NUMBER) =>
    graph('POST', `${number}/messages`, { messaging_product: 'whatsapp', to: ALICE, type: 'text', text: { body: 'hola' }, ...message });
  const template = (name: string, code: string, texts: string[]) => ({
    type: 'template',
    template: { name, language: { code }, components: [{ type: 'body', parameters: texts.map((text) => ({ type: 'text', text })) }] },
  });
  /** The values of what was notified, each signed. */
  const values = async () => {
    await world.standIn.settle();
    return ear.heard.map(({ path, body, headers }) => {
      const signature = `sha256=${createHmac('sha256', world.secrets.WHATSAPP_APP_SECRET).update(body).digest('hex')}`;
      expect([path, headers['x-hub-signature-256']]).toEqual(['/api/webhooks/whatsapp/meta', signature]);
      return JSON.parse(body.toString()).entry[0].changes[0].value;
    });
  };

  it('takes a message, and notifies that it is sent, delivered and read, with what we gave it to bring back', async () => {
    const { status, body } = await send({ biz_opaque_callback_data: 'a1', context: { message_id: 'wamid.AAAA' } });
    const id = expect.stringMatching(/^wamid\.[A-Za-z0-9+/=]+$/);
    expect([status, body]).toEqual([
      200,
      { messaging_product: 'whatsapp', contacts: [{ input: ALICE, wa_id: '12025550147' }], messages: [{ id }] },
    ]);
    const told = await values();
    expect(told.map(({ statuses }) => statuses[0].status)).toEqual(['sent', 'delivered', 'read']);
    for (const { metadata, statuses } of told) {
      expect(metadata.phone_number_id).toBe(NUMBER);
      expect(statuses[0]).toMatchObject({ id: body.messages[0].id, recipient_id: '12025550147', biz_opaque_callback_data: 'a1' });
    }
  });

  it.each([
    ['+525512345678', '5215512345678'],
    ['+5215512345678', '5215512345678'],
    ['+541123456789', '5491123456789'],
    ['+34600111222', '34600111222'],
  ])('knows %s as %s', async (to, wa_id) => {
    expect((await send({ to })).body.contacts).toEqual([{ input: to, wa_id }]);
    expect((await values())[0].statuses[0].recipient_id).toBe(wa_id);
  });

  it('takes a business-scoped user id for a recipient', async () => {
    expect((await send({ to: 'US.13491208655302741918' })).body.contacts).toEqual([
      { input: 'US.13491208655302741918', user_id: 'US.13491208655302741918' },
    ]);
    expect((await values())[0].statuses[0]).toMatchObject({ recipient_user_id: 'US.13491208655302741918' });
  });

  it.each([
    { type: 'image', image: { link: 'https://elsewhere.example/a.png', caption: 'mire' } },
    { type: 'video', video: { link: 'https://elsewhere.example/a.mp4' } },
    { type: 'audio', audio: { link: 'https://elsewhere.example/a.ogg' } },
    { type: 'document', document: { link: 'https://elsewhere.example/a.pdf', filename: 'a.pdf' } },
    { type: 'reaction', reaction: { message_id: 'wamid.AAAA', emoji: '👍' } },
    { type: 'location', location: { latitude: 1, longitude: 2 } },
    template('appointment_reminder', 'es_MX', ['Ana', 'lunes']),
    template('hello_world', 'en_US', []),
  ])('takes $type', async (message) => {
    expect(await send(message)).toMatchObject({ status: 200, body: { messages: [{ id: expect.any(String) }] } });
    const statuses = (await values()).map((value) => value.statuses[0].status);
    expect(statuses).toEqual(message.type === 'reaction' ? ['sent', 'delivered'] : ['sent', 'delivered', 'read']);
  });

  it('is told that a message was read', async () => {
    const read = { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.AAAA' };
    expect(await graph('POST', `${NUMBER}/messages`, read)).toEqual({ status: 200, body: { success: true } });
    expect(world.standIn.accepted).toEqual([]);
  });

  it.each([
    [{ messaging_product: 'sms' }, 400, 100],
    [{ to: undefined }, 400, 100],
    [{ to: 'nobody' }, 400, 100],
    [{ type: 'song' }, 400, 100],
    [{ text: {} }, 400, 131008],
    [{ text: { body: 'a'.repeat(4097) } }, 400, 100],
    [{ type: 'image' }, 400, 131008],
    [{ type: 'image', image: {} }, 400, 100],
    [{ type: 'image', image: { id: '99' } }, 400, 100],
    [{ context: {} }, 400, 131008],
    [template('appointment_reminder', 'fr', ['Ana', 'lundi']), 404, 132001],
    [template('spring_offer', 'en', ['Ana', '5 %']), 404, 132001],
    [template('appointment_reminder', 'en', ['Ana']), 400, 132000],
    // The last six digits, or the text.
    [{ to: '+15005000190' }, 401, 190],
    [{ to: '+15005130429' }, 429, 130429],
    [{ to: '+15005131056' }, 429, 131056],
    [{ to: '+15005131000' }, 500, 131000],
    [{ text: { body: 'a sandbox:131031 b' } }, 403, 131031],
  ])('refuses %j with %i and code %i', async (message, status, code) => {
    const refused = await send(message);
    expect(refused).toMatchObject({
      status,
      body: { error: { code, message: expect.any(String), type: 'OAuthException', fbtrace_id: expect.any(String) } },
    });
    await world.standIn.settle();
    expect([world.standIn.accepted, ear.heard]).toEqual([[], []]);
  });

  it('refuses a wrong token with 401 and 190, and a number that is none with 100', async () => {
    expect(await graph('POST', `${NUMBER}/messages`, {}, 'wrong')).toMatchObject({ status: 401, body: { error: { code: 190 } } });
    expect(await send({}, 'me')).toMatchObject({ status: 400, body: { error: { code: 100, error_subcode: 33 } } });
  });

  it.each(['131026', '131047', '131049', '130472', '131050'])('lets a message to +15005%s fail later with that code', async (code) => {
    expect((await send({ to: `+15005${code}` })).status).toBe(200);
    const [value, ...more] = await values();
    expect(more).toEqual([]);
    expect(value.statuses[0]).toMatchObject({
      status: 'failed',
      errors: [{ code: Number(code), title: expect.any(String), error_data: { details: expect.any(String) } }],
    });
  });

  it('fetches our own files by their links, and fails the message whose file is not there', async () => {
    ear.answer = ({ method }) => ({ status: method === 'GET' ? 404 : 200 });
    await send({ type: 'image', image: { link: 'https://hub.example/media/1?a=b' } });
    await world.standIn.settle();
    ear.answer = () => ({});
    expect(ear.heard.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /media/1?a=b', 'POST /api/webhooks/whatsapp/meta']);
    expect(ear.heard[1]!.body.toString()).toContain('131053');
  });

  it('lists its templates page by page, with their components', async () => {
    const all = [];
    for (let path: string | undefined = '102290129340398/message_templates?limit=4'; path;) {
      const { body } = await graph('GET', path);
      all.push(...body.data);
      path = body.paging.next?.replace(`${world.standIn.url}/v26.0/`, '');
    }
    expect(all).toHaveLength(6);
    expect(all[1]).toMatchObject({ name: 'appointment_reminder', language: 'es_MX', status: 'APPROVED', category: 'UTILITY' });
    expect(all[1].components[0]).toEqual({
      type: 'BODY',
      text: expect.stringContaining('{{2}}'),
      example: { body_text: [['Ana', 'lunes a las 10:00']] },
    });
    const { body } = await graph('GET', '102290129340398/message_templates?status=APPROVED&name=order_update');
    expect(body.data).toMatchObject([{ components: [{ type: 'BODY' }, { type: 'FOOTER' }, { type: 'BUTTONS' }] }]);
  });

  it('keeps a file that is uploaded, says where it lies, and gives it to who has the token', async () => {
    const form = new FormData();
    form.set('messaging_product', 'whatsapp');
    form.set('type', 'image/png');
    form.set('file', new Blob(['a picture'], { type: 'image/png' }), 'a.png');
    const { body: uploaded } = await graph('POST', `${NUMBER}/media`, form);
    const { body: file } = await graph('GET', uploaded.id);
    expect(file).toMatchObject({
      id: uploaded.id,
      mime_type: 'image/png',
      file_size: 9,
      sha256: createHash('sha256').update('a picture').digest('hex'),
    });
    const download = (token: string) => fetch(file.url, { headers: { authorization: `Bearer ${token}` } });
    const bytes = await download(world.secrets.WHATSAPP_ACCESS_TOKEN);
    expect([bytes.headers.get('content-type'), await bytes.text()]).toEqual(['image/png', 'a picture']);
    expect((await download('wrong')).status).toBe(401);
    expect((await send({ type: 'image', image: { id: uploaded.id } })).status).toBe(200);
    expect((await graph('DELETE', uploaded.id)).body).toEqual({ success: true });
    expect(await graph('GET', uploaded.id)).toMatchObject({ status: 400, body: { error: { code: 100, error_subcode: 33 } } });
    expect(await graph('POST', `${NUMBER}/media`, new FormData())).toMatchObject({ status: 400, body: { error: { code: 100 } } });
  });

  it('answers for the person where it is told to', async () => {
    world.standIn.configure({ replies: true });
    await send({});
    const told = await values();
    world.standIn.configure({ replies: false });
    expect(told[3]).toMatchObject({ messages: [{ from: '12025550147', type: 'text', text: { body: 'Thanks, got it!' } }] });
  });
});
