import { describe, expect, it } from '@jest/globals';
import { type ActivityDraft } from '../adapters/activity-draft.js';
import { type ActivityRow, rowOf } from './activity-row.js';
import { mergedOf } from './merged.js';
import { type Known } from './known.js';
import { planRecording } from './recording.js';
import { type SourcedDraft } from './sourced-draft.js';

const ID = '62feb409-ca6e-420f-a57b-7505480c0a8c';
const NOW = new Date('2026-11-24T09:00:00Z');

/** An email that we sent to Ana. */
const SENT: ActivityRow = rowOf(
  {
    id: ID,
    organizationId: 'norte',
    channel: 'EMAIL',
    provider: 'SENDGRID',
    externalId: 'x-1',
    revision: 1,
    origin: 'API',
    createdAt: '2026-11-24T08:00:00.000Z',
    updatedAt: '2026-11-24T08:00:00.000Z',
    createdSeq: 1,
    createdEventId: ID,
    contactId: null,
    erasedAt: null,
  },
  mergedOf(
    {
      channel: 'EMAIL',
      event: { key: 'api/sent', kind: 'STATUS', status: 'SENT', occurredAt: new Date('2026-11-24T08:00:00Z'), error: null, metadata: {} },
      facts: { direction: 'OUTBOUND', from: 'us@norte.example', to: 'Ana@cliente.example' },
    },
    NOW,
  ),
);
const KNOWN: Known = {
  references: new Map([['REFERENCE:SENDGRID default x-1 ana@cliente.example', { organizationId: 'norte', activityId: ID }]]),
  senders: new Map(),
  activities: new Map([[ID, SENT]]),
  eventKeys: new Set(),
  contacts: new Map([['norte', { merges: 0, contacts: new Map([['EMAIL ana@cliente.example', null]]) }]]),
  locked: undefined,
  defaultOrganization: undefined,
};

function bounce(recipient: string | undefined, more: Partial<ActivityDraft> = {}): SourcedDraft {
  const address = recipient ?? 'nobody';
  return {
    provider: 'SENDGRID',
    accountId: 'default',
    servesOnly: undefined,
    origin: 'WEBHOOK',
    receivedAt: NOW,
    deliveryId: ID,
    draft: {
      index: 0,
      channel: 'EMAIL',
      externalId: 'x-1',
      reference: `x-1 ${address.toLowerCase()}`,
      activityId: ID,
      ...(recipient !== undefined && { recipient }),
      ours: [],
      facts: { direction: 'OUTBOUND' },
      event: {
        key: `webhook/email/${address}`,
        kind: 'STATUS',
        status: 'BOUNCED',
        occurredAt: new Date('2026-11-24T07:00:00Z'),
        error: { code: '5.1.1', message: 'nobody here' },
        metadata: { event: 'bounce' },
      },
      attachments: [],
      ...more,
    },
  };
}

/** What became of an attempt of ours, as its answer tells. */
function answer(activityId: string, reference: string): SourcedDraft {
  const { draft, ...source } = bounce(undefined);
  const event = { ...draft.event, key: `api/${reference}`, status: 'SENT' as const, error: null };
  return { ...source, own: 'norte', deliveryId: null, draft: { ...draft, activityId, externalId: reference, reference, event } };
}

function plan(...drafts: SourcedDraft[]) {
  let ids = 0;
  return planRecording(drafts, KNOWN, () => `id-${++ids}`, NOW);
}

describe('an event of an email', () => {
  it.each(['ana@cliente.example', 'ANA@Cliente.Example', ' Ana@cliente.example'])('about %j, whom it is to, is its own', (recipient) => {
    const { outcomes, grown } = plan(bounce(recipient));
    expect(outcomes).toEqual([{ kind: 'RECORDED', organizationId: 'norte', activityId: ID }]);
    expect(grown).toMatchObject([
      {
        row: { status: 'BOUNCED', revision: 2, error: { code: '5.1.1' }, metadata: { event: 'bounce' } },
        event: { status: 'BOUNCED', metadata: { event: 'bounce' } },
      },
    ]);
  });

  it('that says nothing of whom it is about is its own', () => {
    expect(plan(bounce(undefined)).grown).toMatchObject([{ row: { status: 'BOUNCED' } }]);
  });

  it('about somebody in copy is kept, says whom, and changes nothing of the activity but its revision', () => {
    const { outcomes, grown, references } = plan(bounce('jefe@cliente.example'));
    expect(outcomes).toEqual([{ kind: 'RECORDED', organizationId: 'norte', activityId: ID }]);
    const event = {
      kind: 'STATUS',
      status: null,
      error: { code: '5.1.1', message: 'nobody here' },
      metadata: { event: 'bounce', recipient: 'jefe@cliente.example' },
    };
    expect(grown).toEqual([
      { before: SENT, row: { ...SENT, revision: 2, updatedAt: NOW.toISOString() }, event: expect.objectContaining(event) as unknown },
    ]);
    // What comes of it later without our id is about the same.
    expect(references).toMatchObject([{ value: 'x-1 jefe@cliente.example', activityId: ID }]);
  });

  it('about somebody in copy still says whether that one may be written to', () => {
    const { consents } = plan(
      bounce('jefe@cliente.example', { consent: { sender: null, address: 'jefe@cliente.example', optedOut: true } }),
    );
    expect(consents).toMatchObject([{ optedOut: true, channel: 'EMAIL' }]);
  });

  it('ends the same beside those about others, in any order', () => {
    const drafts = [bounce('jefe@cliente.example'), bounce('ana@cliente.example'), bounce('otro@cliente.example')];
    const [one, other] = [plan(...drafts), plan(...drafts.toReversed())];
    expect(one.grown).toEqual(other.grown);
    expect(one.grown).toMatchObject([{ row: { status: 'BOUNCED', revision: 4, metadata: { event: 'bounce' } }, event: null }]);
    expect(one.events.map(({ key }) => key).sort()).toEqual(drafts.map(({ draft }) => draft.event.key).sort());
  });
});

describe('the answer to an attempt', () => {
  const OTHER = '0c5e53c3-16f6-4a3c-8a94-25b2f1a8d3f2';

  it('leaves no id of the provider on an activity that was erased meanwhile, whoever is answered beside it', () => {
    const erased: ActivityRow = { ...SENT, externalId: null, erasedAt: NOW.toISOString() };
    const activities = new Map([
      [ID, erased],
      [OTHER, { ...SENT, id: OTHER, externalId: null }],
    ]);
    const { outcomes, references } = planRecording([answer(ID, 'x-8'), answer(OTHER, 'x-9')], { ...KNOWN, activities }, () => 'id', NOW);
    expect(outcomes).toEqual([
      { kind: 'KNOWN', organizationId: 'norte', activityId: ID, erased: true },
      { kind: 'RECORDED', organizationId: 'norte', activityId: OTHER },
    ]);
    expect(references).toMatchObject([{ value: 'x-9', activityId: OTHER }]);
  });
});
