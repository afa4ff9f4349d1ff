import { describe, expect, it } from '@jest/globals';
import { bodyOf, readCases } from '../../../test/fixtures/read-cases.js';
import { type ActivityDraft } from '../../core/adapters/activity-draft.js';
import { parseForm } from './form.js';
import { parseJsonParameters } from './json-parameters.js';
import { isInboundMessage, normalizeMessage } from './normalize-message.js';

const SID = 'SM682957f24eb6b08f5ba43478e9b0f69e';
const INBOUND = { MessageSid: SID, SmsStatus: 'received', From: '+12025550147', To: '+12025550110', Body: 'hola' };
const STATUS = { MessageSid: SID, SmsStatus: 'sent', MessageStatus: 'sent', From: '+12025550110', To: '+12025550147' };

function normalize(parameters: Record<string, string | string[]>, activityId?: string) {
  return normalizeMessage(new Map(Object.entries(parameters).map(([name, value]) => [name, [value].flat()])), activityId);
}

function draftOf(parameters: Record<string, string | string[]>): ActivityDraft {
  const { drafts, problems } = normalize(parameters);
  expect(problems).toEqual([]);
  expect(drafts).toHaveLength(1);
  return drafts[0]!;
}

function problemOf(parameters: Record<string, string | string[]>): string {
  const { drafts, problems } = normalize(parameters);
  expect(drafts).toEqual([]);
  expect(problems).toHaveLength(1);
  return problems[0]!.message;
}

describe('the fixtures', () => {
  const cases = [...readCases('twilio-sms-'), ...readCases('twilio-whatsapp-')].filter(
    (fixture) => fixture.expect.verified && fixture.path !== undefined,
  );

  it.each(cases)('$name becomes what it expects', (fixture) => {
    const body = bodyOf(fixture);
    const { drafts, problems } = normalizeMessage(
      fixture.contentType === 'application/json' ? parseJsonParameters(body)! : parseForm(body),
    );
    if (fixture.expect.state === 'FAILED') {
      expect(drafts).toEqual([]);
      expect(problems).toHaveLength(1);
      return;
    }
    expect(problems).toEqual([]);
    expect(drafts).toHaveLength(1);
    const [draft] = drafts;
    for (const activity of fixture.expect.activities ?? []) {
      expect(draft).toMatchObject({
        channel: activity.channel,
        externalId: activity.externalId,
        facts: {
          direction: activity.direction,
          from: activity.from,
          to: activity.to,
          ...(typeof activity.body === 'string' && { body: activity.body }),
        },
        event: { status: activity.status, error: activity.error ?? null },
        attachments: activity.attachments ?? [],
      });
      expect(draft?.facts.body ?? '').toContain(activity.bodyContains ?? '');
      const owned = fixture.senders.filter((sender) => sender.organization === activity.organization).map((sender) => sender.address);
      expect(owned).toContain(draft?.ours[0]);
    }
  });
});

describe('a message that comes in', () => {
  it('is RECEIVED under one key, and names our address', () => {
    expect(draftOf(INBOUND)).toEqual({
      index: 0,
      channel: 'SMS',
      externalId: SID,
      ours: ['+12025550110'],
      facts: { direction: 'INBOUND', from: '+12025550147', to: '+12025550110', body: 'hola' },
      event: { key: 'webhook/message/in', kind: 'STATUS', status: 'RECEIVED', occurredAt: null, error: null, metadata: {} },
      attachments: [],
    });
  });

  it('names its messaging service after our number', () => {
    const draft = draftOf({ ...INBOUND, MessagingServiceSid: 'MG1', OptOutType: 'STOP' });
    expect(draft.ours).toEqual(['+12025550110', 'MG1']);
    expect(draft.event.metadata).toEqual({ MessagingServiceSid: 'MG1', OptOutType: 'STOP' });
  });

  it('gets the plus of a number back that was sent unescaped, and no other', () => {
    const { facts } = draftOf({ ...INBOUND, From: ' 12025550147', To: '72975' });
    expect(facts).toMatchObject({ from: '+12025550147', to: '72975' });
    expect(draftOf({ ...INBOUND, From: 'MI TIENDA' }).facts.from).toBe('MI TIENDA');
  });

  it('a fallback request blames our answer, and says of the message what the first request said', () => {
    expect(draftOf({ ...INBOUND, ErrorCode: '11200', ErrorUrl: 'https://hub.example/x' })).toEqual(draftOf(INBOUND));
  });

  it('without From or To is a problem', () => {
    expect(problemOf({ ...INBOUND, From: '' })).toBe('From is missing from an inbound message.');
    expect(problemOf({ ...INBOUND, To: '' })).toBe('To is missing from an inbound message.');
  });

  it('what PostgreSQL refuses is replaced wherever it stands', () => {
    const draft = draftOf({ ...INBOUND, Body: 'a\0b\ud800', From: 'X\0', 'N\0': 'v\0' });
    expect(draft.facts).toMatchObject({ body: 'a\ufffdb\ufffd', from: 'X\ufffd' });
    expect(draft.event.metadata).toEqual({ 'N\ufffd': 'v\ufffd' });
  });
});

describe('the files of a message', () => {
  const media = (sid: string) => `https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/${sid}`;
  const sids = Array.from({ length: 12 }, (_, i) => `ME${String(i).padStart(32, '0')}`);
  const urls = Object.fromEntries(sids.map((sid, i) => [`MediaUrl${i}`, media(sid)]));
  const keys = (numMedia: Record<string, string>) => draftOf({ ...INBOUND, ...urls, ...numMedia }).attachments.map(({ key }) => key);

  it('are named by their sid, with a type of their own or a plain one', () => {
    const { attachments } = draftOf({ ...INBOUND, NumMedia: '2', ...urls, MediaContentType1: 'image/png' });
    expect(attachments).toEqual([
      { key: sids[0], contentType: 'application/octet-stream', sourceUrl: media(sids[0]!) },
      { key: sids[1], contentType: 'image/png', sourceUrl: media(sids[1]!) },
    ]);
  });

  it('are as many as NumMedia says, ten at most', () => {
    expect(keys({ NumMedia: '0' })).toEqual([]);
    expect(keys({ NumMedia: '1' })).toEqual(sids.slice(0, 1));
    for (const numMedia of ['999999999', '-1', 'x', '']) expect(keys({ NumMedia: numMedia })).toEqual(sids.slice(0, 10));
    expect(keys({})).toEqual(sids.slice(0, 10));
    expect(draftOf({ ...INBOUND, NumMedia: '999999999' }).attachments).toEqual([]);
  });

  it('that are fewer than NumMedia says are a problem beside the message', () => {
    const { drafts, problems } = normalize({ ...INBOUND, NumMedia: '2', MediaUrl0: 'https://x.example/a.png' });
    expect([drafts.length, problems]).toEqual([1, [{ index: 0, message: 'It has 2 files, and 1 came.' }]]);
  });

  it('without a sid are named by their URL; one named twice is one', () => {
    const { attachments } = draftOf({ ...INBOUND, MediaUrl0: 'https://x.example/a.png', MediaUrl1: 'https://x.example/a.png' });
    expect(attachments.map(({ key }) => key)).toEqual(['https://x.example/a.png']);
  });
});

describe('a status of a message', () => {
  it('is an event under its own key, of a message from us', () => {
    expect(draftOf(STATUS)).toEqual({
      index: 0,
      channel: 'SMS',
      externalId: SID,
      ours: ['+12025550110'],
      facts: { direction: 'OUTBOUND', from: '+12025550110', to: '+12025550147' },
      event: { key: 'webhook/message/status/sent', kind: 'STATUS', status: 'SENT', occurredAt: null, error: null, metadata: {} },
      attachments: [],
    });
  });

  it('an older one has SmsSid and SmsStatus alone', () => {
    expect(draftOf({ SmsSid: SID, SmsStatus: 'delivered', From: '+12025550110', To: '+12025550147' })).toMatchObject({
      externalId: SID,
      event: { key: 'webhook/message/status/delivered', status: 'DELIVERED' },
    });
  });

  it('without a number is from the messaging service; with one, from the number first', () => {
    const service = { ...STATUS, MessagingServiceSid: 'MG1' };
    expect(draftOf({ ...service, From: '' })).toMatchObject({ ours: ['MG1'], facts: { from: 'MG1' } });
    expect(draftOf(service)).toMatchObject({ ours: ['+12025550110', 'MG1'], facts: { from: '+12025550110' } });
  });

  it('of what we sent by a service says in its metadata which number that chose', () => {
    const ofOurs = (changes: Record<string, string>) => normalize({ ...STATUS, ...changes }, 'an-activity').drafts[0]!.event.metadata;
    expect(ofOurs({ MessagingServiceSid: 'MG1' })).toEqual({ MessagingServiceSid: 'MG1', From: '+12025550110' });
    expect(ofOurs({})).toEqual({});
  });

  it('names the error it carries, and not twice', () => {
    const { event } = draftOf({
      ...STATUS,
      MessageStatus: 'failed',
      ErrorCode: '30007',
      ErrorMessage: 'Carrier violation',
      RawDlrDate: '2611240841',
    });
    expect(event).toMatchObject({ status: 'FAILED', error: { code: '30007', message: 'Carrier violation' } });
    expect(event.metadata).toEqual({ RawDlrDate: '2611240841' });
    expect(draftOf({ ...STATUS, ErrorCode: '30007' }).event.error).toEqual({ code: '30007', message: null });
    expect(draftOf({ ...STATUS, ErrorCode: '0' }).event).toMatchObject({ error: null, metadata: {} });
  });

  it('a word without a status of ours is kept as an event', () => {
    const { event } = draftOf({ ...STATUS, MessageStatus: 'partially_delivered' });
    expect(event).toMatchObject({
      key: 'webhook/message/status/partially_delivered',
      status: null,
      metadata: { MessageStatus: 'partially_delivered' },
    });
  });

  it.each(['teleported', 'constructor', '__proto__', 'SENT'])('the word %s is not guessed', (word) => {
    expect(problemOf({ ...STATUS, MessageStatus: word })).toBe(`The message status "${word}" is not known.`);
  });
});

describe('an RCS message', () => {
  const AGENT = 'rcs:norte_a1b2_agent';

  it('is one of SMS: the person has a number, the agent its name', () => {
    expect(draftOf({ ...INBOUND, From: 'rcs:+12025550147', To: AGENT })).toMatchObject({
      channel: 'SMS',
      ours: [AGENT],
      facts: { from: '+12025550147', to: AGENT },
    });
    expect(draftOf({ ...STATUS, MessageStatus: 'read', From: AGENT, To: 'rcs:+12025550147' })).toMatchObject({
      channel: 'SMS',
      ours: [AGENT],
      facts: { from: AGENT, to: '+12025550147' },
      event: { status: 'READ' },
    });
  });
});

describe('a WhatsApp message', () => {
  const ON_WHATSAPP = { ...INBOUND, From: 'whatsapp:+12025550147', To: 'whatsapp:+12025550110' };

  it('is told by its addresses, which lose their prefix and nothing else', () => {
    expect(draftOf(ON_WHATSAPP)).toMatchObject({
      channel: 'WHATSAPP',
      ours: ['+12025550110'],
      facts: { from: '+12025550147', to: '+12025550110' },
    });
    expect(draftOf({ ...ON_WHATSAPP, From: 'whatsapp:US.13491208655302741918' }).facts.from).toBe('US.13491208655302741918');
    expect(draftOf({ ...ON_WHATSAPP, From: 'whatsapp: 12025550147' }).facts.from).toBe('+12025550147');
  });

  it('is one even where the path or one address does not say so', () => {
    expect(draftOf({ ...STATUS, From: 'MG1', To: 'whatsapp:+12025550147' }).channel).toBe('WHATSAPP');
    expect(draftOf(INBOUND).channel).toBe('SMS');
  });

  it('that failed says what WhatsApp says where Twilio has no words', () => {
    const failed = {
      ...STATUS,
      To: 'whatsapp:+12025550147',
      MessageStatus: 'failed',
      ErrorCode: '63024',
      ChannelStatusMessage: 'Message undeliverable',
    };
    expect(draftOf(failed).event.error).toEqual({ code: '63024', message: 'Message undeliverable' });
    expect(draftOf({ ...failed, ErrorMessage: 'Invalid recipient' }).event.error).toEqual({ code: '63024', message: 'Invalid recipient' });
  });
});

describe('what is no message', () => {
  it('is a problem that says what is missing or too long', () => {
    expect(problemOf({ Body: 'x' })).toBe('MessageSid is missing.');
    expect(problemOf({ ...STATUS, MessageSid: 'S'.repeat(201) })).toBe('MessageSid is longer than 200 characters.');
    expect(problemOf({ MessageSid: SID, From: '+1', To: '+2', Body: 'x' })).toContain('Neither MessageStatus nor SmsStatus');
  });

  it('is not answered as a message', () => {
    const inbound = (status: Record<string, string>) =>
      isInboundMessage(new Map(Object.entries(status).map(([name, value]) => [name, [value]])));
    expect(inbound({ SmsStatus: 'received' })).toBe(true);
    expect(inbound({ SmsStatus: 'sent', MessageStatus: 'sent' })).toBe(false);
    expect(inbound({})).toBe(false);
  });
});

describe('metadata', () => {
  it('holds the rest under its own names: no empty value, a repeated name as a list', () => {
    const { metadata } = draftOf({ ...INBOUND, FromCity: '', FromState: 'DC', AddOn: ['b', 'a', ''], MediaUrl11: 'x' }).event;
    expect(metadata).toEqual({ FromState: 'DC', AddOn: ['b', 'a'], MediaUrl11: 'x' });
  });

  it('is bounded in names, values and lengths', () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`p${i}`, 'x'.repeat(20_000)]));
    const { metadata } = draftOf({ ...INBOUND, ...many }).event;
    expect(Object.keys(metadata)).toHaveLength(100);
    expect(Object.values(metadata).map((value) => (value as string).length)).toEqual([
      16_001,
      16_001,
      16_001,
      15_998,
      ...Array<number>(96).fill(1),
    ]);
    expect(draftOf({ ...INBOUND, list: Array.from({ length: 500 }, String) }).event.metadata.list).toHaveLength(20);
    expect(Object.keys(draftOf({ ...INBOUND, ['n'.repeat(500)]: 'x' }).event.metadata)).toEqual([`${'n'.repeat(200)}…`]);
  });

  it('a parameter named __proto__ is one like any other', () => {
    const { metadata } = normalizeMessage(parseForm(Buffer.from(`MessageSid=${SID}&MessageStatus=sent&__proto__=x`))).drafts[0]!.event;
    expect(JSON.stringify(metadata)).toBe('{"__proto__":"x"}');
  });
});

describe('a JSON body', () => {
  const read = (text: string) => parseJsonParameters(Buffer.from(text));

  it('has the names and values a form would have', () => {
    expect([...read('{"a":"x","b":1,"c":null,"d":[1,"2"],"e":{"f":true},"__proto__":"p"}')!]).toEqual([
      ['a', ['x']],
      ['b', ['1']],
      ['c', ['']],
      ['d', ['1', '2']],
      ['e', ['{"f":true}']],
      ['__proto__', ['p']],
    ]);
  });

  it.each(['', 'no', '[]', '"a"', 'null', '{"a":'])('%j is none', (text) => {
    expect(read(text)).toBeUndefined();
  });
});

describe('our own id in the callback URL', () => {
  const id = '62feb409-ca6e-420f-a57b-7505480c0a8c';
  const of = (parameters: Record<string, string>, activityId?: string) =>
    normalizeMessage(new Map(Object.entries(parameters).map(([name, value]) => [name, [value]])), activityId).drafts[0]!;

  it('says which message a status is about, beside its own', () => {
    for (const prefix of ['', 'whatsapp:']) {
      const status = { ...STATUS, From: prefix + STATUS.From, To: prefix + STATUS.To };
      expect(of(status, id)).toEqual({ ...of(status), activityId: id });
    }
  });

  it('says nothing of a message that came in', () => {
    expect(of(INBOUND, id)).toEqual(of(INBOUND));
  });
});
