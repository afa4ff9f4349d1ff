import { describe, expect, it } from '@jest/globals';
import { only, SENT, statuses } from '../../../test/factories/meta-items.js';

describe('a status', () => {
  it.each([
    ['sent', 'SENT'],
    ['delivered', 'DELIVERED'],
    ['read', 'READ'],
    ['played', 'READ'],
    ['failed', 'FAILED'],
  ])('%s is %s, under a key of its own', (word, status) => {
    expect(only(statuses({ ...SENT, status: word }))).toMatchObject({
      externalId: 'wamid.S',
      ours: ['201122334455667'],
      facts: { direction: 'OUTBOUND', from: '+12025550130', to: '+12025550147' },
      event: { key: `webhook/message/status/${word}`, kind: 'STATUS', status, occurredAt: new Date('2026-11-24T08:50:05.000Z') },
      party: {
        identities: [
          { kind: 'PHONE', value: '+12025550147' },
          { kind: 'WHATSAPP_BSUID', value: 'US.1349' },
        ],
      },
    });
  });

  it('names our own id where that is what came back, and keeps anything else', () => {
    const id = '62feb409-ca6e-420f-a57b-7505480c0a8c';
    const ours = only(statuses({ ...SENT, biz_opaque_callback_data: id }));
    expect([ours.activityId, ours.event.metadata.biz_opaque_callback_data]).toEqual([id, undefined]);
    const others = only(statuses({ ...SENT, biz_opaque_callback_data: `activity=${id}` }));
    expect([others.activityId, others.event.metadata.biz_opaque_callback_data]).toEqual([undefined, `activity=${id}`]);
  });

  it.each([
    [
      { code: 131026, title: 'T', message: 'M', error_data: { details: 'D' } },
      { code: '131026', message: 'D' },
    ],
    [
      { code: 131026, title: 'T', message: 'M' },
      { code: '131026', message: 'M' },
    ],
    [
      { code: '131026', title: 'T' },
      { code: '131026', message: 'T' },
    ],
    [{ code: 131026 }, { code: '131026', message: null }],
  ])('says the error %j by its code and its most telling sentence', (error, expected) => {
    const { event } = only(statuses({ ...SENT, status: 'failed', errors: [error], pricing: { billable: false } }));
    expect(event.error).toEqual(expected);
    expect(event.metadata).toEqual({ recipient_user_id: 'US.1349', pricing: { billable: false }, phone_number_id: '201122334455667' });
  });

  it('keeps an error without a code as Meta wrote it', () => {
    const { event } = only(statuses({ ...SENT, status: 'failed', errors: [{ title: 'T' }] }));
    expect([event.error, event.metadata.errors]).toEqual([null, [{ title: 'T' }]]);
  });

  it('of a group is to the group, with an event for each member', () => {
    const group = { ...SENT, status: 'read', recipient_type: 'group', recipient_id: '120363000000', recipient_user_id: undefined };
    const both = statuses(
      { ...group, recipient_participant_id: '12025550147' },
      { ...group, recipient_participant_id: '12025550148' },
      group,
    );
    expect(both.drafts.map(({ event }) => event.key)).toEqual([
      'webhook/message/status/read/12025550147',
      'webhook/message/status/read/12025550148',
      'webhook/message/status/read',
    ]);
    for (const draft of both.drafts) expect([draft.facts.to, draft.toGroup, draft.party]).toEqual(['120363000000', true, undefined]);
  });

  it('of a group is known by its id too', () => {
    const draft = only(statuses({ ...SENT, recipient_id: 'Y2FwaV9ncm91cDox', recipient_user_id: undefined }));
    expect([draft.facts.to, draft.toGroup, draft.party]).toEqual(['Y2FwaV9ncm91cDox', true, undefined]);
    expect(only(statuses(SENT))).not.toHaveProperty('toGroup');
  });

  it.each(['failed', 'captured', 'pending'])(
    'of a payment, %s, is an event of the message it was asked for in, and waits for it',
    (status) => {
      const payment = { reference_id: 'r1', transaction: { id: 't1', status } };
      expect(only(statuses({ ...SENT, from: '12025550147', type: 'payment', status, payment }))).toEqual({
        index: 0,
        channel: 'WHATSAPP',
        externalId: 'wamid.S',
        ours: [],
        facts: {},
        event: {
          key: expect.stringMatching(new RegExp(`^webhook/message/status/payment/${status}/[\\w-]{16}$`)),
          kind: 'STATUS',
          status: null,
          occurredAt: new Date('2026-11-24T08:50:05.000Z'),
          error: null,
          metadata: { recipient_user_id: 'US.1349', from: '12025550147', type: 'payment', status, payment },
        },
        attachments: [],
      });
    },
  );

  it('of a payment is told apart from another, and not from itself', () => {
    const payment = { ...SENT, type: 'payment', status: 'failed', payment: { reference_id: 'r1', transaction: { id: 't1' } } };
    const all = [
      payment,
      payment,
      { ...payment, payment: { reference_id: 'r1', transaction: { id: 't2' } } },
      { ...payment, timestamp: '1795510206' },
    ];
    expect(new Set(statuses(...all).drafts.map(({ event }) => event.key)).size).toBe(3);
  });

  it('of a message may say so', () => {
    for (const type of ['message', '', null]) expect(only(statuses({ ...SENT, type })).event).toMatchObject({ status: 'SENT' });
  });

  it.each(['teleported', 'constructor', 'SENT'])('%s is not guessed', (word) => {
    expect(statuses({ ...SENT, status: word }).problems).toEqual([{ index: 0, message: `The message status "${word}" is not known.` }]);
  });
});
