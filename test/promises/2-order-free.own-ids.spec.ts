import { randomBytes, randomUUID } from 'node:crypto';
import { META_SECRETS, notification, phoneNumberId, wamid } from '../factories/meta.js';
import { createOrganization, createSender, type TestOrganization } from '../factories/organization.js';
import { insertOwnActivities, type OwnActivity } from '../factories/own-activity.js';
import { makeKeys, sendGridEvents } from '../factories/sendgrid.js';
import { form, type Request, sid, SMS_PATH } from '../factories/twilio.js';
import { WHATSAPP_PATH } from '../factories/whatsapp.js';
import { allActivities, ask } from '../support/graphql.js';
import { post } from '../support/post.js';
import { TestServer } from '../support/server.js';

const VOICE_PATH = '/api/webhooks/voip/twilio';
const PERSON = '+12025550147';
const KEYS = makeKeys();

describe('Promise 2, where the provider speaks of what we sent before it has answered us', () => {
  let server: TestServer;
  let norte: TestOrganization;
  let sur: TestOrganization;
  const meta = phoneNumberId();
  beforeAll(async () => {
    server = await TestServer.start({ env: { ...META_SECRETS, SENDGRID_WEBHOOK_KEY: KEYS.publicKey } });
    [norte, sur] = [await createOrganization(server, 'norte'), await createOrganization(server, 'sur')];
    await createSender(server, norte.id, norte.number, 'VOICE');
    await createSender(server, norte.id, norte.number, 'WHATSAPP');
    await ask(
      server,
      server.adminKey,
      'mutation($o: ID!, $a: String!) { createSender(organizationId: $o, channel: WHATSAPP, address: $a, provider: META) { id } }',
      { o: norte.id, a: meta },
    );
  });
  afterAll(() => server.dispose());

  const asked = (path: string, id: string | undefined) => (id === undefined ? path : `${path}?centralita_activity=${id}`);
  const message = (prefix: string, path: string) => (theirs: string, status: string, id?: string) =>
    form(
      server,
      {
        MessageSid: theirs,
        AccountSid: server.accountSid,
        MessageStatus: status,
        From: prefix + norte.number,
        To: prefix + PERSON,
      },
      asked(path, id),
    );
  const call = (theirs: string, status: string, id?: string) =>
    form(
      server,
      {
        CallSid: theirs,
        AccountSid: server.accountSid,
        CallStatus: status,
        Direction: 'outbound-api',
        From: norte.number,
        To: PERSON,
        CallbackSource: 'call-progress-events',
        SequenceNumber: '1',
      },
      asked(VOICE_PATH, id),
    );
  const metaStatus = (theirs: string, status: string, id?: string) =>
    notification(meta, {
      statuses: [
        {
          id: theirs,
          status,
          timestamp: '1795510205',
          recipient_id: PERSON.slice(1),
          ...(id !== undefined && { biz_opaque_callback_data: id }),
        },
      ],
    });

  interface Way {
    readonly channel: OwnActivity['channel'];
    readonly provider: OwnActivity['provider'];
    readonly before: OwnActivity['status'];
    readonly first: string;
    readonly then: string;
    readonly ends: string;
    newId(): string;
    say(theirs: string, status: string, id?: string): Request;
  }
  const twilio = {
    provider: 'TWILIO',
    before: 'SENDING',
    first: 'sent',
    then: 'delivered',
    ends: 'DELIVERED',
    newId: () => sid('SM'),
  } as const;
  const ways: [string, Way][] = [
    ['an SMS', { ...twilio, channel: 'SMS', say: message('', SMS_PATH) }],
    ['a WhatsApp message by Twilio', { ...twilio, channel: 'WHATSAPP', say: message('whatsapp:', WHATSAPP_PATH) }],
    [
      'a call',
      {
        ...twilio,
        channel: 'VOICE',
        before: 'QUEUED',
        first: 'ringing',
        then: 'completed',
        ends: 'COMPLETED',
        newId: () => `CA${randomBytes(16).toString('hex')}`,
        say: call,
      },
    ],
    ['a WhatsApp message by Meta', { ...twilio, channel: 'WHATSAPP', provider: 'META', newId: wamid, say: metaStatus }],
  ];
  const insert = async ({ channel, provider, before }: Way, organization = norte.id) => {
    const id = randomUUID();
    await insertOwnActivities(server.database, [
      { id, organization, channel, provider, status: before, from: norte.number, to: PERSON, externalId: null },
    ]);
    return id;
  };
  const all = (organization = norte) =>
    allActivities(server, organization.key, organization.id, 'id externalId status origin events { status }');
  const taken = async (request: Request) => expect([200, 204]).toContain((await post(server, request)).status);

  it.each(ways)('%s is found by our own id, and by the provider’s from then on', async (_what, way) => {
    const [id, theirs] = [await insert(way), way.newId()];
    const before = (await all()).length;
    await taken(way.say(theirs, way.first, id));
    await taken(way.say(theirs, way.then));
    await taken(way.say(theirs, way.first));
    const found = await all();
    expect(found).toHaveLength(before);
    expect(found.find((activity) => activity.id === id)).toMatchObject({ externalId: theirs, status: way.ends, origin: 'API' });
    expect(found.find((activity) => activity.id === id).events).toHaveLength(3);
  });

  it.each(ways)('%s whose id is of nobody, of another channel or no id is found by its address as ever', async (_what, way) => {
    const elsewhere = await insert({ ...way, channel: 'EMAIL', provider: 'SENDGRID' });
    for (const id of [randomUUID(), elsewhere, 'none', '%00']) {
      const theirs = way.newId();
      await taken(way.say(theirs, way.then, id));
      const found = (await all()).filter((activity) => activity.externalId === theirs);
      expect(found.map(({ status, origin, id: own }) => [status, origin, own === id])).toEqual([[way.ends, 'WEBHOOK', false]]);
    }
  });

  it('a recording whose call was never told finds it by our own id', async () => {
    const [, way] = ways[2]!;
    const [id, theirs] = [await insert(way), way.newId()];
    const recording = { CallSid: theirs, AccountSid: server.accountSid, RecordingSid: 'RE1', RecordingStatus: 'absent' };
    await taken(form(server, recording, asked(VOICE_PATH, id)));
    expect((await all()).find((activity) => activity.id === id)).toMatchObject({ externalId: theirs, status: 'QUEUED' });
  });

  it('a message that comes in by an address with an id of ours is one of its own', async () => {
    const [, way] = ways[0]!;
    const [id, theirs] = [await insert(way), sid('SM')];
    const inbound = { MessageSid: theirs, AccountSid: server.accountSid, SmsStatus: 'received', From: PERSON, To: norte.number, Body: 'x' };
    await taken(form(server, inbound, asked(SMS_PATH, id)));
    expect((await all()).find((activity) => activity.externalId === theirs)).toMatchObject({ status: 'RECEIVED', origin: 'WEBHOOK' });
    expect((await all()).find((activity) => activity.id === id)).toMatchObject({ status: 'SENDING', events: [{ status: 'SENDING' }] });
  });

  it('an id of another organization goes before the address: the environment’s account serves both', async () => {
    const [, way] = ways[0]!;
    const [id, theirs] = [await insert(way, sur.id), sid('SM')];
    await taken(way.say(theirs, 'delivered', id));
    expect((await all(sur)).map((activity) => [activity.id, activity.status])).toEqual([[id, 'DELIVERED']]);
    expect((await all()).filter((activity) => activity.externalId === theirs)).toEqual([]);
  });

  it('an email is found by our own id, and what is said of somebody in copy is kept and moves nothing', async () => {
    const [id, messageId] = [randomUUID(), randomBytes(16).toString('base64url')];
    const [to, cc] = ['ana@cliente.example', 'jefe@cliente.example'];
    await insertOwnActivities(server.database, [
      {
        id,
        organization: norte.id,
        channel: 'EMAIL',
        provider: 'SENDGRID',
        status: 'SENDING',
        from: 'us@norte.example',
        to,
        externalId: null,
      },
    ]);
    let n = 0;
    const event = (email: string, word: string, more: object = { centralita_activity: id }) => ({
      email,
      event: word,
      timestamp: 1_795_510_200 + n,
      sg_event_id: `${messageId}-${n++}`,
      sg_message_id: `${messageId}.recvd-1-2.0`,
      ...more,
    });
    const events = [
      event(cc, 'bounce', { centralita_activity: id, status: '5.1.1', reason: '550 nobody here' }),
      event(to, 'delivered'),
      event(cc, 'open'),
      event(cc, 'spamreport'),
    ];
    // An asynchronous bounce may bring back none of our own.
    const later = event(cc, 'bounce', { status: '5.2.2' });
    for (const batch of [events, [later], events]) expect((await post(server, sendGridEvents(KEYS, batch))).status).toBe(204);

    const [found] = (
      await allActivities(
        server,
        norte.key,
        norte.id,
        'id externalId status revision to error { code } metadata milestones { status } events { kind status metadata error { code } } contact { identities { value } }',
      )
    ).filter((activity) => activity.id === id);
    expect(found).toMatchObject({ externalId: messageId, status: 'DELIVERED', revision: 6, to, error: null });
    expect(found.milestones.map(({ status }: { status: string }) => status).sort()).toEqual(['DELIVERED', 'SENDING']);
    expect(found.metadata.event).toBe('delivered');
    const told = found.events.map((one: { status: string; metadata: Record<string, string>; error: { code: string } | null }) => [
      one.status,
      one.metadata.event,
      one.metadata.recipient,
      one.error?.code,
    ]);
    expect(told.sort()).toEqual(
      [
        ['SENDING', undefined, undefined, undefined],
        ['DELIVERED', 'delivered', undefined, undefined],
        [null, 'bounce', cc, '5.1.1'],
        [null, 'open', cc, undefined],
        [null, 'spamreport', cc, undefined],
        [null, 'bounce', cc, '5.2.2'],
      ].sort(),
    );
    // That one asked for no more is true all the same.
    const consents = await server.database.query('select opted_out from consent where organization_id = $1 and channel = $2', [
      norte.id,
      'EMAIL',
    ]);
    expect(consents).toEqual([{ opted_out: true }]);
  });

  it('whether SendGrid tries again is said by what became of the mail, of each event and of the activity', async () => {
    const [id, cc, to] = [randomUUID(), 'jefe@cliente.example', 'ana@cliente.example'];
    await insertOwnActivities(server.database, [
      {
        id,
        organization: norte.id,
        channel: 'EMAIL',
        provider: 'SENDGRID',
        status: 'SENT',
        from: 'us@norte.example',
        to,
        externalId: null,
      },
    ]);
    const told = [
      { email: to, event: 'deferred', response: '421 4.7.0 try again later' },
      { email: to, event: 'bounce', type: 'blocked', reason: '421 4.7.0 try again later' },
      { email: cc, event: 'deferred', response: '421 4.7.0 try again later' },
    ].map((event, i) => ({ ...event, timestamp: 1_795_510_200 + i, sg_event_id: `${id}-${i}`, centralita_activity: id }));
    expect((await post(server, sendGridEvents(KEYS, told))).status).toBe(204);
    const { activity } = await ask(
      server,
      norte.key,
      'query($id: ID!) { activity(id: $id) { status error { hint } events { status error { hint } } } }',
      { id },
    );
    expect(activity).toMatchObject({ status: 'BOUNCED', error: { hint: 'SendGrid does not try again: send it again later.' } });
    const hints = Object.fromEntries(activity.events.map((one: { status: string; error: object | null }) => [one.status, one.error]));
    expect(hints).toMatchObject({
      DEFERRED: { hint: 'Nothing to do: SendGrid tries again for up to 72 hours.' },
      BOUNCED: { hint: 'SendGrid does not try again: send it again later.' },
      null: { hint: expect.stringContaining('what it deferred') },
    });
  });
});
