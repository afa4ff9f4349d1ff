import { describe, expect, it } from '@jest/globals';
import { type ListedItem } from '../../core/adapters/provider-list.js';
import { type MessageInList, readListedMessage } from './listed-message.js';
import { normalizeMessage } from './normalize-message.js';

const [OURS, ANA, SID] = ['+15005550006', '+12025550147', `SM${'1'.repeat(32)}`];
const [MADE, SENT, CHANGED] = [1, 2, 3].map((second) => new Date(Date.UTC(2026, 10, 24, 9, 0, second)));

const message = (more: Partial<Record<keyof MessageInList, unknown>> = {}): MessageInList =>
  ({
    sid: SID,
    from: OURS,
    to: ANA,
    body: 'hola',
    status: 'delivered',
    direction: 'outbound-api',
    numMedia: '0',
    errorCode: null,
    messagingServiceSid: null,
    dateSent: SENT,
    dateCreated: MADE,
    dateUpdated: CHANGED,
    ...more,
  }) as MessageInList;
const inbound = (more: Partial<Record<keyof MessageInList, unknown>> = {}): MessageInList =>
  message({ from: ANA, to: OURS, status: 'received', direction: 'inbound', ...more });
const read = (listed: MessageInList): ListedItem => {
  const item = readListedMessage(listed);
  if (typeof item === 'string') throw new Error(item);
  return item;
};
const told = (listed: MessageInList) => read(listed).events.map(({ key, status, occurredAt }) => [key, status, occurredAt]);

describe('A message in Twilio’s list', () => {
  it('that came in was received when it was sent', () => {
    expect(read(inbound({ numMedia: '2' }))).toMatchObject({
      about: { channel: 'SMS', externalId: SID, ours: [OURS], facts: { direction: 'INBOUND', from: ANA, to: OURS, body: 'hola' } },
      events: [{ key: 'list/message/in', status: 'RECEIVED', occurredAt: SENT, metadata: {} }],
      createdAt: MADE,
      changedAt: CHANGED,
      hasFiles: true,
    });
  });

  it('that went out was sent, and then came to something', () => {
    const sent = ['list/message/status/sent', 'SENT', SENT];
    expect(told(message())).toEqual([sent, ['list/message/status/delivered', 'DELIVERED', CHANGED]]);
    expect(told(message({ status: 'sent' }))).toEqual([sent]);
    expect(told(message({ status: 'read' }))).toEqual([sent, ['list/message/status/read', 'READ', CHANGED]]);
    expect(told(message({ status: 'canceled', dateSent: null }))).toEqual([['list/message/status/canceled', 'CANCELED', CHANGED]]);
    expect(told(message({ status: 'failed' }))).toEqual([['list/message/status/failed', 'FAILED', CHANGED]]);
  });

  it('that failed says the code, as a callback does', () => {
    const errors = read(message({ status: 'undelivered', errorCode: 30005 })).events.map(({ error }) => error);
    expect(errors).toEqual([null, { code: '30005', message: null }]);
  });

  it.each(['accepted', 'queued', 'scheduled', 'sending', 'receiving', 'partially_delivered'])('that is %s tells nothing yet', (status) => {
    expect(told(message({ status, dateSent: null }))).toEqual([]);
  });

  it('on WhatsApp has bare addresses, and a service that has chosen no number is the sender', () => {
    const whatsApp = read(inbound({ from: 'whatsapp:US.13491208655302741918', to: `whatsapp:${OURS}` })).about;
    expect([whatsApp.channel, whatsApp.facts.from, whatsApp.ours]).toEqual(['WHATSAPP', 'US.13491208655302741918', [OURS]]);
    const byService = read(message({ from: null, messagingServiceSid: 'MG1', status: 'accepted' })).about;
    expect([byService.facts.from, byService.ours]).toEqual(['MG1', ['MG1']]);
    expect(read(message({ messagingServiceSid: 'MG1' })).about.ours).toEqual([OURS, 'MG1']);
  });

  it('with a word of opting out is consent, in an SMS alone', () => {
    expect(read(inbound({ body: ' Stop ' })).about.consent).toEqual({ sender: OURS, address: ANA, optedOut: true });
    expect(read(inbound({ body: 'start' })).about.consent).toMatchObject({ optedOut: false });
    expect(read(inbound({ body: 'please stop' })).about.consent).toBeUndefined();
    expect(read(inbound({ body: 'stop', from: `whatsapp:${ANA}`, to: `whatsapp:${OURS}` })).about.consent).toBeUndefined();
    expect(read(message({ body: 'stop' })).about.consent).toBeUndefined();
  });

  it.each<[string, MessageInList]>([
    ['The message status "teleported" is not known.', message({ status: 'teleported' })],
    ['From is missing from an inbound message.', inbound({ from: '' })],
    ['A message without a sid.', message({ sid: undefined })],
    ['A message without a time.', message({ dateCreated: 'yesterday', dateSent: null })],
  ])('says %j', (problem, listed) => {
    expect(readListedMessage(listed)).toBe(problem);
  });

  it.each([
    ['received', inbound(), { From: ANA, To: OURS, Body: 'hola', SmsStatus: 'received' }],
    ['delivered', message(), { From: OURS, To: ANA, MessageStatus: 'delivered' }],
    [
      'undelivered',
      message({ status: 'undelivered', errorCode: 30005 }),
      { From: OURS, To: ANA, MessageStatus: 'undelivered', ErrorCode: '30005' },
    ],
  ])('that is %s has the key of its webhook but for the source, and says no more of what happened', (_status, listed, parameters) => {
    const form = new Map(Object.entries({ MessageSid: SID, ...parameters }).map(([name, value]) => [name, [value]]));
    const { event, facts, ours } = normalizeMessage(form).drafts[0]!;
    const { about, events } = read(listed);
    const last = events.at(-1)!;
    expect(last.key.replace(/^list/, 'webhook')).toBe(event.key);
    expect([last.status, last.error, last.kind, last.metadata]).toEqual([event.status, event.error, event.kind, event.metadata]);
    expect([{ ...about.facts, body: facts.body }, about.ours]).toEqual([{ ...facts, body: facts.body }, ours]);
  });
});
