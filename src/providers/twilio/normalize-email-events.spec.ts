import { describe, expect, it } from '@jest/globals';
import { normalizeEmailEvents } from './normalize-email-events.js';
import { emailReference } from '../../core/adapters/email-reference.js';

const EVENT = {
  message_id: 'fx-1',
  event_type: 'delivered',
  to_email: 'Ana <Ana@cliente.example>',
  from_email: 'noreply@Norte.example',
  subject: 'Email de prueba',
  timestamp: 1763974200,
};
const normalize = (value: unknown) => normalizeEmailEvents(Buffer.from(JSON.stringify(value)));

describe('normalizeEmailEvents', () => {
  it('an object is an event of a mail of ours, routed by its sender and then by its domain', () => {
    expect(normalize(EVENT)).toEqual({
      problems: [],
      drafts: [
        {
          index: 0,
          channel: 'EMAIL',
          externalId: 'fx-1',
          reference: emailReference('fx-1', 'ana@cliente.example'),
          ours: ['noreply@norte.example', 'norte.example'],
          facts: { direction: 'OUTBOUND', from: 'noreply@Norte.example', to: 'Ana@cliente.example', subject: 'Email de prueba' },
          event: {
            key: 'webhook/email/delivered/1763974200',
            kind: 'STATUS',
            status: 'DELIVERED',
            occurredAt: new Date('2025-11-24T08:50:00Z'),
            error: null,
            metadata: { event_type: 'delivered' },
          },
          attachments: [],
        },
      ],
    });
  });

  it.each([
    ['bounced', 'BOUNCED'],
    ['bounce', 'BOUNCED'],
    ['opened', 'OPENED'],
    ['open', 'OPENED'],
    ['clicked', 'CLICKED'],
    ['click', 'CLICKED'],
    ['spam_report', 'SPAM_REPORT'],
    ['spamreport', 'SPAM_REPORT'],
    ['unsubscribe', 'UNSUBSCRIBED'],
    ['processed', 'PROCESSED'],
    ['deferred', 'DEFERRED'],
    ['dropped', 'DROPPED'],
  ])('%s is %s', (event_type, status) => {
    expect(normalize({ ...EVENT, event_type }).drafts[0]!.event.status).toBe(status);
  });

  it('an array is several; what cannot be read of it is a problem, and its neighbours are kept', () => {
    const { drafts, problems } = normalize([
      EVENT,
      { ...EVENT, event_type: 'levitated' },
      null,
      { event_type: 'open' },
      { ...EVENT, event_type: 'open' },
    ]);
    expect(drafts.map(({ index }) => index)).toEqual([0, 4]);
    expect(problems).toEqual([
      { index: 1, message: 'The event "levitated" is not known.' },
      { index: 2, message: 'It is no JSON object.' },
      { index: 3, message: 'message_id is missing.' },
    ]);
  });

  it('who unsubscribed or complained may no longer be written to', () => {
    const consentOf = (event_type: string) => normalize({ ...EVENT, event_type }).drafts[0]!.consent;
    expect(consentOf('unsubscribe')).toEqual({ sender: null, address: 'Ana@cliente.example', optedOut: true, reason: 'UNSUBSCRIBED' });
    expect(normalize({ ...EVENT, reason: null, status: null }).problems).toEqual([]);
    expect([consentOf('group_unsubscribe')?.group, consentOf('group_resubscribe')?.group]).toEqual(['', '']);
    expect([consentOf('spam_report')?.optedOut, consentOf('opened')]).toEqual([true, undefined]);
  });

  it.each(['', '"x"', '7', 'null', '{'])('a body that is neither (%s) is one problem', (text) => {
    expect(normalizeEmailEvents(Buffer.from(text)).problems).toEqual([
      { index: 0, message: 'The body is no JSON object and no array of them.' },
    ]);
  });
});
