import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import { until } from '../support/until.js';
import { Ear, startStandIn, type StandInWorld, twilioClient } from '../support/stand-in.js';

const [AGENT, ALICE, OURS] = ['+12025550146', '+12025550147', '+15005550006'];
const ALL = ['initiated', 'ringing', 'answered', 'completed'];

describe('The stand-in, as Twilio for calls', () => {
  let world: StandInWorld;
  let ear: Ear;
  const client = () => twilioClient(world.secrets, world.standIn.url);
  const call = (given: object) => client().calls.create({ to: ALICE, from: OURS, twiml: '<Response><Say>hola</Say></Response>', ...given });
  const told = () => ({ statusCallback: `${ear.url}/status#rc=5&rp=all`, statusCallbackEvent: ALL });
  const played = async (path?: string) => {
    await world.standIn.settle();
    return ear.forms(path);
  };
  beforeAll(async () => {
    ear = await Ear.start();
    world = await startStandIn({ publicUrl: ear.url, deliverTo: ear.url, stepMs: 1, retryMs: 1 });
  });
  beforeEach(async () => {
    await world.standIn.settle();
    ear.heard.length = 0;
    ear.answer = () => ({});
    world.standIn.forget({ everything: true });
  });
  afterEach(() => world.standIn.configure({ stepMs: 1 }));
  afterAll(async () => {
    await world.standIn.stop();
    await ear.stop();
  });

  it('rings, is answered and completed, each called back in a form that the official package believes', async () => {
    const { sid, status, direction, startTime } = await call(told());
    expect([status, direction, startTime]).toEqual(['queued', 'outbound-api', null]);
    const forms = await played('/status');
    expect(forms.map(({ CallStatus, SequenceNumber }) => [CallStatus, SequenceNumber])).toEqual([
      ['initiated', '0'],
      ['ringing', '1'],
      ['in-progress', '2'],
      ['completed', '3'],
    ]);
    for (const [i, { path, headers }] of ear.heard.entries())
      expect(validateRequest(world.secrets.TWILIO_AUTH_TOKEN, String(headers['x-twilio-signature']), ear.url + path, forms[i]!)).toBe(true);
    expect(forms[3]).toMatchObject({
      CallSid: sid,
      To: ALICE,
      From: OURS,
      Direction: 'outbound-api',
      CallDuration: '1',
      SipResponseCode: '200',
    });
    expect(Date.parse(forms[3]!.Timestamp!)).toBeGreaterThan(Date.now() - 60_000);
    expect(await client().calls(sid).fetch()).toMatchObject({ status: 'completed', duration: '1', startTime: expect.any(Date) });
  });

  it('calls back only the end where nobody says which events', async () => {
    await call({ statusCallback: `${ear.url}/status` });
    expect((await played()).map(({ CallStatus }) => CallStatus)).toEqual(['completed']);
  });

  it('is recorded where that is asked for, and the recording can be listed and heard', async () => {
    const { sid } = await call({ ...told(), record: true, recordingChannels: 'dual', recordingStatusCallback: `${ear.url}/recording` });
    const [recording] = await played('/recording');
    expect(recording).toMatchObject({ CallSid: sid, RecordingStatus: 'completed', RecordingChannels: '2', RecordingSource: 'OutboundAPI' });
    for (const name of ['From', 'To']) expect(recording).not.toHaveProperty(name);
    expect(ear.forms('/status').at(-1)).toMatchObject({ CallStatus: 'completed', RecordingSid: recording!.RecordingSid });
    const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN } = world.secrets;
    const authorization = `Basic ${Buffer.from(`${TWILIO_ACCOUNT_SID}:${TWILIO_AUTH_TOKEN}`).toString('base64')}`;
    for (const [ending, type, magic] of [
      ['.mp3', 'audio/mpeg', 'fffb'],
      ['.wav', 'audio/wav', '5249'],
      ['', 'audio/wav', '5249'],
    ]) {
      const file = await fetch(recording!.RecordingUrl!.replace('https://api.twilio.com', world.standIn.url) + ending, {
        headers: { authorization },
      });
      expect([file.headers.get('content-type'), Buffer.from(await file.arrayBuffer()).toString('hex', 0, 2)]).toEqual([type, magic]);
    }
    expect(await client().calls(sid).recordings.list()).toMatchObject([{ sid: recording!.RecordingSid, callSid: sid, duration: '1' }]);
    expect(await client().recordings.list({ callSid: `CA${'0'.repeat(32)}` })).toEqual([]);
  });

  it('asks at its Url what to do, dials who it is told to, and goes on at the action', async () => {
    ear.answer = ({ path }) => {
      const twiml = new VoiceResponse();
      if (path === '/answer') {
        const dial = twiml.dial({
          action: `${ear.url}/action`,
          callerId: OURS,
          record: 'record-from-answer-dual',
          recordingStatusCallback: `${ear.url}/recording`,
        });
        dial.number({ statusCallback: `${ear.url}/leg`, statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'] }, ALICE);
      }
      return { type: 'text/xml', body: twiml.toString() };
    };
    const { sid } = await call({ to: AGENT, twiml: undefined, url: `${ear.url}/answer`, ...told() });
    const legs = await played('/leg');
    expect(ear.forms('/answer')).toMatchObject([{ CallSid: sid, CallStatus: 'in-progress', To: AGENT }]);
    expect(legs.map(({ CallStatus }) => CallStatus)).toEqual(['initiated', 'ringing', 'in-progress', 'completed']);
    expect(legs[3]).toMatchObject({ ParentCallSid: sid, From: OURS, To: ALICE, Direction: 'outbound-dial' });
    const dialed = { DialCallStatus: 'completed', DialCallSid: legs[0]!.CallSid, DialCallDuration: '1' };
    expect(ear.forms('/action')).toMatchObject([{ CallSid: sid, RecordingSid: ear.forms('/recording')[0]!.RecordingSid, ...dialed }]);
    expect(ear.forms('/status').at(-1)).toMatchObject({ CallSid: sid, CallStatus: 'completed' });
    expect(await client().calls.list({ parentCallSid: sid })).toMatchObject([{ to: ALICE, status: 'completed' }]);
  });

  it('tells the action that the person was busy', async () => {
    ear.answer = () => ({ type: 'text/xml', body: '<Response/>' });
    await call({ twiml: `<Response><Dial action="${ear.url}/action">+15005500486</Dial></Response>` });
    expect(await played('/action')).toMatchObject([{ DialCallStatus: 'busy' }]);
  });

  it.each([
    ['+15005500486', 'busy', { SipResponseCode: '486' }],
    ['+15005500480', 'no-answer', { SipResponseCode: '480' }],
    ['+15005513224', 'failed', { SipResponseCode: '404', ErrorCode: '13224' }],
  ])('lets a call to %s end as %s', async (to, status, besides) => {
    await call({ to, ...told() });
    const forms = await played();
    expect(forms.map(({ CallStatus }) => CallStatus)).toEqual(['initiated', 'ringing', status]);
    expect(forms[2]).toMatchObject({ CallDuration: '0', ...besides });
  });

  it.each([
    [{ to: '' }, 21201],
    [{ from: '' }, 21213],
    [{ twiml: undefined }, 21205],
    [{ twiml: undefined, url: 'no address' }, 21205],
    [{ to: '12' }, 21211],
    [{ from: '12' }, 21212],
    [{ statusCallback: 'http://under_score.example/' }, 21609],
    [{ statusCallbackEvent: ['sung'] }, 21626],
    [{ to: '+15005550001' }, 21217],
    [{ to: '+15005550002' }, 21214],
    [{ to: '+15005550003' }, 21215],
    [{ to: '+15005550004' }, 21216],
    [{ from: '+15005550001' }, 21212],
    [{ to: '+15005521210' }, 21210],
  ])('refuses %j with 400 and code %i', async (given, code) => {
    await expect(call(given)).rejects.toMatchObject({ status: 400, code });
    expect(world.standIn.accepted).toEqual([]);
  });

  it('can be hung up: canceled while it rings, completed once it was answered, and not at all when it is over', async () => {
    world.standIn.configure({ stepMs: 200 });
    const [ringing, answered] = [
      await call(told()),
      await call({ ...told(), twiml: '<Response><Pause length="60"/><Pause/><Pause/></Response>' }),
    ];
    expect(await client().calls(ringing.sid).update({ status: 'canceled' })).toMatchObject({ sid: ringing.sid });
    await until(async () => (await client().calls(answered.sid).fetch()).status === 'in-progress');
    await expect(client().calls(answered.sid).update({ status: 'canceled' })).rejects.toMatchObject({ status: 400, code: 21220 });
    await client().calls(answered.sid).update({ status: 'completed' });
    world.standIn.configure({ stepMs: 1 });
    const forms = await played();
    const ends = (sid: string) =>
      forms.filter(({ CallSid, CallDuration }) => CallSid === sid && CallDuration).map(({ CallStatus }) => CallStatus);
    expect([ends(ringing.sid), ends(answered.sid)]).toEqual([['canceled'], ['completed']]);
    await expect(client().calls(answered.sid).update({ status: 'completed' })).rejects.toMatchObject({ code: 21220 });
  });

  it('lists calls by number, status and time', async () => {
    const begun = new Date(Date.now() - 1000);
    await call({});
    await call({ to: '+15005500486' });
    await played();
    const list = (filter: object) => client().calls.list({ pageSize: 1, ...filter });
    expect(await list({})).toHaveLength(2);
    expect(await list({ to: ALICE })).toMatchObject([{ to: ALICE, status: 'completed' }]);
    expect(await list({ status: 'busy' })).toMatchObject([{ to: '+15005500486' }]);
    expect(await list({ startTimeAfter: begun })).toHaveLength(2);
    expect(await list({ startTimeBefore: begun })).toEqual([]);
  });

  it('lets a person call: the server is asked what to do, what was recorded is told, and the end with it', async () => {
    ear.answer = ({ body }) => ({
      type: 'text/xml',
      body: body.includes('RecordingUrl') ? '<Response><Hangup/></Response>' : '<Response><Say>hola</Say><Record/></Response>',
    });
    const sid = world.standIn.act({ channel: 'VOICE', from: ALICE, to: OURS });
    const forms = await played('/api/webhooks/voip/twilio');
    expect(forms.map(({ CallStatus, Direction }) => [CallStatus, Direction])).toEqual([
      ['ringing', 'inbound'],
      ['in-progress', 'inbound'],
      ['completed', 'inbound'],
    ]);
    expect(forms[1]).toMatchObject({ CallSid: sid, RecordingUrl: expect.stringContaining('/Recordings/RE'), Digits: '#' });
    expect(forms[2]).toMatchObject({ SequenceNumber: '0', CallDuration: '1' });
  });
});
