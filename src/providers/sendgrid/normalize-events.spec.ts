import { describe, expect, it } from '@jest/globals';
import { explainDeliveryError } from './delivery-errors.js';
import { normalizeEvents } from './normalize-events.js';
import { emailReference } from '../../core/adapters/email-reference.js';

const EVENT = {
  email: 'Ana@Cliente.Example',
  event: 'delivered',
  timestamp: 1795510200,
  sg_event_id: 'event-1',
  sg_message_id: 'x-message-id.recvd-7d9f-1-2.0',
  centralita_activity: '5da66186-8825-4c94-a75b-b5bf5079062c',
};
const normalize = (...items: unknown[]) => normalizeEvents(Buffer.from(JSON.stringify(items)));
const draftOf = (changes: object) => normalize({ ...EVENT, ...changes }).drafts[0]!;

describe('normalizeEvents', () => {
  it('says which mail an event is about by our id, and by message id and recipient, whose case does not matter', () => {
    expect(draftOf({})).toEqual({
      index: 0,
      channel: 'EMAIL',
      externalId: 'x-message-id',
      reference: emailReference('x-message-id', 'ana@cliente.example'),
      activityId: EVENT.centralita_activity,
      recipient: 'Ana@Cliente.Example',
      ours: [],
      facts: { direction: 'OUTBOUND' },
      event: {
        key: 'webhook/email/event-1',
        kind: 'STATUS',
        status: 'DELIVERED',
        occurredAt: new Date('2026-11-24T08:50:00Z'),
        error: null,
        metadata: { event: 'delivered', sg_event_id: 'event-1', sg_message_id: EVENT.sg_message_id },
      },
      attachments: [],
    });
  });

  it.each([
    ['14c5d75ce93.dfd.64b462', '.filter0001.16648.5515E0B88.0'],
    ['x-1', '.recvd-7d9f-1-2.0'],
    ['x-1', '.ismtpd-7'],
    ['x-1', ''],
  ])('takes the message id %s from before what SendGrid adds', (id, added) => {
    expect(draftOf({ sg_message_id: id + added }).externalId).toBe(id);
  });

  it('takes the message id of an asynchronous bounce from its smtp-id', () => {
    expect(draftOf({ sg_message_id: undefined, 'smtp-id': '<x-message-id@geopod-ismtpd-0>' }).externalId).toBe('x-message-id');
    expect(draftOf({ sg_message_id: undefined }).reference).toBeUndefined();
  });

  it.each([
    ['processed', 'PROCESSED'],
    ['deferred', 'DEFERRED'],
    ['delivered', 'DELIVERED'],
    ['open', 'OPENED'],
    ['click', 'CLICKED'],
    ['bounce', 'BOUNCED'],
    ['dropped', 'DROPPED'],
    ['spamreport', 'SPAM_REPORT'],
    ['unsubscribe', 'UNSUBSCRIBED'],
    ['group_unsubscribe', 'UNSUBSCRIBED'],
    ['group_resubscribe', null],
  ])('%s is %s', (event, status) => {
    expect(draftOf({ event }).event.status).toBe(status);
  });

  it('of a member that is null says what it would without', () => {
    expect(draftOf({ event: 'delivered', reason: null, response: null })).toEqual(draftOf({ event: 'delivered' }));
  });

  it('says who may no longer be written to, and who may again', () => {
    const consents = ['unsubscribe', 'group_unsubscribe', 'spamreport', 'group_resubscribe', 'open'].map(
      (event) => draftOf({ event }).consent?.optedOut,
    );
    expect(consents).toEqual([true, true, true, false, undefined]);
    expect(draftOf({ event: 'spamreport' }).consent).toEqual({
      sender: null,
      address: 'Ana@Cliente.Example',
      optedOut: true,
      reason: 'SPAM_REPORT',
    });
    expect(draftOf({ event: 'bounce', type: 'bounce' }).consent).toMatchObject({ optedOut: true, reason: 'BOUNCED' });
    for (const type of ['blocked', 'expired']) expect(draftOf({ event: 'bounce', type }).consent).toBeUndefined();
    expect(draftOf({ event: 'dropped', reason: 'Bounced Address', asm_group_id: 7 }).consent).not.toHaveProperty('group');
    expect(draftOf({ event: 'dropped', reason: 'Unsubscribed Address', asm_group_id: 7 }).consent).toMatchObject({ group: '7' });
    expect(draftOf({ event: 'group_resubscribe', asm_group_id: 7 }).consent).toMatchObject({ group: '7', optedOut: false });
    expect(draftOf({ event: 'dropped', reason: 'Unsubscribed Address' }).consent).toMatchObject({ optedOut: true, reason: 'UNSUBSCRIBED' });
    expect(draftOf({ event: 'dropped', reason: 'Invalid SMTPAPI header' }).consent).toBeUndefined();
  });

  it.each([
    [{ event: 'bounce', status: 550, reason: 'no such user' }, '550', 'no such user'],
    [{ event: 'bounce', status: '5.1.1', reason: '550 5.1.1 no such user', type: 'bounce' }, '5.1.1', '550 5.1.1 no such user'],
    [{ event: 'bounce', status: '5.0.0', reason: '550 late', type: 'bounce' }, '550', '550 late'],
    [{ event: 'bounce', type: 'blocked' }, 'blocked', null],
    [{ event: 'bounce' }, 'bounce', null],
    [{ event: 'dropped', status: '5.0.0', reason: 'Bounced Address' }, 'Bounced Address', 'Bounced Address'],
    [{ event: 'deferred', response: '421 4.7.0 try again later' }, '4.7.0', '421 4.7.0 try again later'],
  ])('%j is the error %s, which has plain words', (changes, code, message) => {
    const { error, status } = draftOf(changes).event;
    expect(error).toEqual({ code, message });
    const { message: words, hint } = explainDeliveryError(code, status)!;
    for (const sentence of [words.en, words.es, hint.en, hint.es]) expect(sentence).toMatch(/\.$/);
  });

  describe.each<[words: string, retryable: boolean, ...changes: object[]]>([
    [
      'blocked the message; the address is good',
      true,
      { event: 'bounce', type: 'blocked', status: '5.0.0', reason: '550 High probability of spam' },
      { event: 'bounce', type: 'blocked', status: '', reason: '550 SC-001 (BAY004) Messages from 192.0.2.7 are on our block list' },
      { event: 'bounce', type: 'blocked', status: '550', reason: '550 Administrative prohibition - envelope blocked' },
      { event: 'bounce', type: 'blocked', status: 550 },
      { event: 'bounce', type: 'blocked', reason: '550 5.0.0 refused', bounce_classification: 'Reputation' },
    ],
    [
      'domain of the address takes no mail',
      false,
      {
        event: 'bounce',
        type: 'blocked',
        reason: 'unable to get mx info: failed to get IPs from PTR record: lookup <nil>: unrecognized address',
      },
      { event: 'bounce', type: 'blocked', reason: 'error: lookup cliente.exampel on 192.0.2.1:53: no such host' },
      { event: 'bounce', type: 'bounce', status: '5.1.2' },
    ],
    [
      'mailbox does not exist',
      false,
      {
        ...{ event: 'bounce', type: 'bounce', reason: '552 1 Requested mail action aborted, mailbox not found' },
        bounce_classification: 'Invalid Address',
      },
      {
        ...{ event: 'bounce', type: 'blocked', reason: "554 delivery error: dd This user doesn't have a yahoo.com account" },
        bounce_classification: 'Invalid Address',
      },
      { event: 'bounce', type: 'bounce', reason: '550 5.4.1 Recipient address rejected: Access denied.' },
      { event: 'bounce', type: 'bounce', reason: '550 no such user', bounce_classification: 'Unclassified' },
      { event: 'bounce', type: 'bounce', reason: '550 no such user', bounce_classification: 7 },
      { event: 'bounce', type: 'bounce', reason: '550-5.1.1 The email account does not exist' },
    ],
    [
      'larger than',
      false,
      { event: 'bounce', type: 'bounce', status: '552', reason: '552 Message size exceeds fixed maximum message size' },
    ],
    [
      'mailbox is full',
      true,
      { event: 'bounce', type: 'blocked', reason: '552 Requested mail action aborted: exceeded storage allocation' },
      { event: 'bounce', type: 'bounce', reason: '552 no' },
    ],
    ['takes no mail at present', true, { event: 'bounce', type: 'bounce', bounce_classification: 'Mailbox Unavailable', reason: '550 no' }],
    ['by its rules', false, { event: 'bounce', type: 'bounce', bounce_classification: 'Content', reason: '550 no' }],
    ['technical', true, { event: 'bounce', type: 'bounce', bounce_classification: 'Technical', reason: '550 no' }],
    [
      'could not be reached',
      true,
      { event: 'deferred', response: 'error dialing remote address: dial tcp 149.72.9.8:0->5.1.1.44:25: connect: connection refused' },
      { event: 'deferred', response: 'unable to get mx info: lookup cliente.example: i/o timeout' },
    ],
    [
      'slowly',
      true,
      { event: 'deferred', response: '452 Too many recipients received this hour (throttled)' },
      { event: 'bounce', type: 'blocked', bounce_classification: 'Frequency/Volume', reason: '550 no' },
    ],
    ['put the message off', true, { event: 'deferred', response: '452 insufficient system storage', status: '4.0.0' }],
    ['for as long as SendGrid tried', true, { event: 'bounce', type: 'expired', status: '4.0.0' }],
    ['server refused the message.', false, { event: 'bounce', type: 'what nobody told us of', status: '5.0.0' }],
    ['spam check', false, { event: 'dropped', status: '5.0.0', reason: 'Spam Content' }],
    ['X-SMTPAPI', false, { event: 'dropped', status: '5.0.0', reason: 'Invalid SMTPAPI header' }],
    ['did not try to deliver', false, { event: 'dropped', status: '5.0.0', reason: 'What nobody told us of' }],
  ])('the words that say "%s" (again: %j)', (said, retryable, ...events) => {
    it.each(events)('are of %j', (changes) => {
      const { error, status } = draftOf(changes).event;
      const { message, hint, retryable: isRetryable } = explainDeliveryError(error!.code, status)!;
      expect([message.en, isRetryable]).toEqual([expect.stringContaining(said), retryable]);
      for (const sentence of [message.en, message.es, hint.en, hint.es]) expect(sentence).toMatch(/\.$/);
    });
  });

  it.each([
    ['550 #5.7.17 no', '5.7.17'],
    ['550 it is 5.1.1.', '5.1.1'],
    ['550 5.1.14.9 and 5.1.1444', '550'],
  ])('%s has the code %s', (reason, code) => {
    expect(draftOf({ event: 'bounce', type: 'bounce', reason }).event.error!.code).toBe(code);
  });

  it.each(['4.7.0', '4.7.1', '4.7.28', '4.3.2', '421'])(
    'of %s, SendGrid tries again where it deferred the mail, and not where it bounced',
    (code) => {
      const reason = `${code} try again later`;
      const hintOf = (changes: object) => {
        const { error, status } = draftOf(changes).event;
        return explainDeliveryError(error!.code, status)!.hint;
      };
      expect(hintOf({ event: 'deferred', response: reason })).toEqual({
        en: expect.stringContaining('SendGrid tries again'),
        es: expect.stringContaining('SendGrid lo reintenta'),
      });
      expect(hintOf({ event: 'bounce', type: 'blocked', reason })).toEqual({
        en: 'SendGrid does not try again: send it again later.',
        es: 'SendGrid no lo reintenta: vuelva a enviarlo más tarde.',
      });
    },
  );

  it('an event that is no failure has no error, whatever the server answered', () => {
    expect(draftOf({ response: '250 OK' }).event.error).toBeNull();
  });

  it("keeps SendGrid's own names of an event, and no custom argument and no address", () => {
    const { metadata } = draftOf({
      event: 'click',
      url: 'https://norte.example/?a=1',
      url_offset: { index: 2, type: 'html', deep: { er: [1] } },
      useragent: 'Mozilla/5.0',
      sg_machine_open: false,
      category: ['otoño', 'boletin'],
      campaign: 'a custom argument',
      userid: 7,
    }).event;
    expect(metadata).toEqual({
      event: 'click',
      sg_event_id: 'event-1',
      sg_message_id: EVENT.sg_message_id,
      url: 'https://norte.example/?a=1',
      url_offset: { index: 2, type: 'html' },
      useragent: 'Mozilla/5.0',
      sg_machine_open: false,
      category: ['otoño', 'boletin'],
    });
  });

  it('an event about the account names no mail, and is no problem whatever its kind', () => {
    const { drafts, problems } = normalize({
      event: 'account_status_change',
      sg_event_id: 'a',
      timestamp: 1795510200,
      type: 'compliance_suspend',
    });
    expect(problems).toEqual([]);
    expect(drafts).toEqual([expect.objectContaining({ externalId: null, ours: [], event: expect.objectContaining({ status: null }) })]);
  });

  it('what cannot be read is a problem that says where, and its neighbours are kept', () => {
    const { drafts, problems } = normalize(
      { ...EVENT, event: 'levitated' },
      EVENT,
      null,
      [[]],
      { ...EVENT, email: 'a'.repeat(400) },
      { ...EVENT, event: {} },
      {},
    );
    expect(drafts.map(({ index }) => index)).toEqual([1]);
    expect(problems).toEqual([
      { index: 0, message: 'The event "levitated" is not known.' },
      { index: 2, message: 'It is no JSON object.' },
      { index: 3, message: 'It is no JSON object.' },
      { index: 4, message: 'email is longer than 320 characters.' },
      { index: 5, message: 'event is of a wrong type.' },
      { index: 6, message: 'event is missing.' },
    ]);
  });

  it.each(['{}', '"x"', 'null', 'event=delivered', '', '\ufeff[]'])('a body that is no array (%s) is one problem', (text) => {
    expect(normalizeEvents(Buffer.from(text))).toEqual({
      drafts: [],
      problems: [{ index: 0, message: 'The body is not a JSON array of events.' }],
    });
  });

  it('an event without an id of its own is told from others by what it says', () => {
    const keyOf = (changes: object) => draftOf({ sg_event_id: undefined, ...changes }).event.key;
    expect(keyOf({})).toBe(keyOf({}));
    expect(
      new Set([keyOf({}), keyOf({ timestamp: 1795510201 }), keyOf({ event: 'open' }), keyOf({ email: 'b@cliente.example' })]).size,
    ).toBe(4);
  });

  it.each([99999999999999, 0, -5, 'soon', undefined])('a time that is none (%s) is none', (timestamp) => {
    expect(draftOf({ timestamp }).event.occurredAt).toBeNull();
  });

  it('what cannot be stored is replaced', () => {
    const draft = draftOf({ email: '\0@x', sg_event_id: '\ud800', url: 'a\0' });
    expect([draft.reference, draft.event.key, draft.event.metadata.url]).toEqual([
      emailReference('x-message-id', '\ufffd@x'),
      'webhook/email/\ufffd',
      'a\ufffd',
    ]);
  });
});
