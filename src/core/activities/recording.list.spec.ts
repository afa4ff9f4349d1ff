import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ActivityFacts, type DraftEvent, type JsonObject } from '../adapters/activity-draft.js';
import { type ActivityStatus } from '../adapters/activity-status.js';
import { type KnownContacts } from '../contacts/known-contacts.js';
import { type ActivityRow } from './activity-row.js';
import { type Known } from './known.js';
import { type Outcome } from './outcome.js';
import { planRecording } from './recording.js';
import { eventKeyOf, referenceOf, type SourcedDraft } from './sourced-draft.js';

const [OURS, ANA] = ['+15005550006', '+12025550147'];
const at = (second: number): Date => new Date(Date.UTC(2026, 10, 24, 9, 0, second));

/** What was recorded so far, one draft after the other. */
class Records {
  private readonly references = new Map<string, { organizationId: string; activityId: string }>();
  private readonly rows = new Map<string, ActivityRow>();
  private readonly keys = new Set<string>();
  readonly told: SourcedDraft[] = [];
  readonly consents: { optedOut: boolean; at: Date }[] = [];
  readonly heard: Date[] = [];
  private ids = 0;

  get row(): ActivityRow {
    return [...this.rows.values()][0]!;
  }

  get activities(): number {
    return this.rows.size;
  }

  erase(): void {
    this.rows.set(this.row.id, { ...this.row, erasedAt: at(0).toISOString() });
  }

  record(sourced: SourcedDraft): Outcome['kind'] {
    const contacts: KnownContacts = new Map([['norte', { merges: 0, contacts: new Map([[`PHONE ${ANA}`, null]]) }]]);
    const known: Known = {
      references: this.references,
      senders: new Map([`SMS:${OURS}`, `WHATSAPP:${OURS}`].map((address) => [address, 'norte'])),
      activities: this.rows,
      eventKeys: this.keys,
      contacts,
      locked: undefined,
      defaultOrganization: undefined,
    };
    const { outcomes, created, grown, consents, heard } = planRecording([sourced], known, () => `id-${++this.ids}`, sourced.receivedAt);
    const [outcome] = outcomes;
    for (const { row } of [...created, ...grown]) this.rows.set(row.id, row);
    if (outcome!.kind === 'RECORDED') {
      this.told.push(sourced);
      this.consents.push(...consents);
      this.heard.push(...heard.map((one) => one.at));
      this.keys.add(eventKeyOf(outcome!.activityId, sourced.draft.event.key));
      this.references.set(referenceOf(sourced)!, outcome!);
    }
    return outcome!.kind;
  }
}

interface Telling {
  readonly source: 'webhook' | 'list' | 'api';
  readonly happening: string;
  readonly status: ActivityStatus;
  readonly occurredAt?: Date;
  readonly receivedAt?: Date;
  readonly facts?: ActivityFacts;
  readonly metadata?: DraftEvent['metadata'];
  readonly error?: DraftEvent['error'];
  readonly channel?: 'SMS' | 'WHATSAPP';
  readonly consent?: boolean;
}

function tells(telling: Telling): SourcedDraft {
  const { source, happening, status, occurredAt = null, receivedAt = at(30), facts = {}, metadata = {}, error = null } = telling;
  const { channel = 'SMS', consent } = telling;
  return {
    provider: 'TWILIO',
    accountId: 'AC1',
    servesOnly: undefined,
    origin: source === 'list' ? 'RECONCILE' : 'WEBHOOK',
    receivedAt,
    deliveryId: source === 'list' ? null : 'delivery',
    draft: {
      index: 0,
      channel,
      externalId: 'SM1',
      ours: [OURS],
      facts:
        status === 'RECEIVED'
          ? { direction: 'INBOUND', from: ANA, to: OURS, ...facts }
          : { direction: 'OUTBOUND', from: OURS, to: ANA, ...facts },
      event: { key: `${source}/message/${happening}`, kind: 'STATUS', status, occurredAt, error, metadata },
      attachments: [],
      ...(consent !== undefined && { consent: { sender: OURS, address: ANA, optedOut: consent } }),
    },
  };
}

const sent = (source: 'webhook' | 'list', more: Partial<Telling> = {}): SourcedDraft =>
  tells({ source, happening: 'status/sent', status: 'SENT', ...(source === 'list' && { occurredAt: at(1) }), ...more });
const received = (source: 'webhook' | 'list', more: Partial<Telling> = {}): SourcedDraft =>
  tells({ source, happening: 'in', status: 'RECEIVED', ...(source === 'list' && { occurredAt: at(1) }), ...more });

/** All of a merge but its times, of which a webhook of a message tells none, and how we learnt of it. */
function settled({ milestones, occurredAt, occurredAtEstimated, ...row }: ActivityRow) {
  const { createdAt, updatedAt, createdEventId, id, contactId, origin, revision, createdSeq, ...rest } = row;
  void [occurredAt, occurredAtEstimated, createdAt, updatedAt, createdEventId, id, contactId, origin, revision, createdSeq];
  return { ...rest, milestones: Object.keys(milestones).sort() };
}

describe('What a provider lists', () => {
  it('and a webhook told is no news', () => {
    const records = new Records();
    expect([sent('webhook'), sent('list'), sent('list')].map((one) => records.record(one))).toEqual(['RECORDED', 'KNOWN', 'KNOWN']);
    expect(records.row).toMatchObject({ status: 'SENT', revision: 1, origin: 'WEBHOOK' });
  });

  it('is no news from a webhook that comes after it and says no more', () => {
    const records = new Records();
    expect([sent('list'), sent('webhook')].map((one) => records.record(one))).toEqual(['RECORDED', 'KNOWN']);
    expect(records.row).toMatchObject({ status: 'SENT', revision: 1, origin: 'RECONCILE', occurredAt: at(1).toISOString() });
  });

  it('is told again by a webhook that says more', () => {
    const records = new Records();
    const more = { metadata: { ProfileName: 'Ana' } };
    expect([received('list'), received('webhook', more)].map((one) => records.record(one))).toEqual(['RECORDED', 'RECORDED']);
    expect(records.row).toMatchObject({ status: 'RECEIVED', metadata: { ProfileName: 'Ana' } });
    expect(Object.keys(records.row.milestones)).toEqual(['RECEIVED']);
  });

  it('beyond what the webhooks told is recorded once', () => {
    const records = new Records();
    const body = { facts: { body: 'hola' } };
    expect([sent('webhook'), sent('list', body), sent('list', body)].map((one) => records.record(one))).toEqual([
      'RECORDED',
      'RECORDED',
      'KNOWN',
    ]);
    expect(records.row.body).toBe('hola');
  });

  it('of another status is a status, whatever is the highest by then', () => {
    const records = new Records();
    const delivered = tells({ source: 'webhook', happening: 'status/delivered', status: 'DELIVERED' });
    expect([delivered, sent('list'), sent('webhook')].map((one) => records.record(one))).toEqual(['RECORDED', 'RECORDED', 'KNOWN']);
    expect(Object.keys(records.row.milestones).sort()).toEqual(['DELIVERED', 'SENT']);
  });

  it('never drops what only webhooks tell, however little it adds', () => {
    const records = new Records();
    const words = ['queued', 'accepted'].map((word) => tells({ source: 'webhook', happening: `status/${word}`, status: 'QUEUED' }));
    expect(words.map((one) => records.record(one))).toEqual(['RECORDED', 'RECORDED']);
  });

  it('of what was erased comes back neither as itself nor as another', () => {
    const records = new Records();
    records.record(received('webhook'));
    records.erase();
    expect(records.record(received('list'))).toBe('KNOWN');
    expect(records.activities).toBe(1);
  });

  it('counts as consent and as heard from its own time on, which a late webhook does not move', () => {
    const records = new Records();
    const said = { channel: 'WHATSAPP', consent: true } as const;
    records.record(received('list', said));
    records.record(received('webhook', { ...said, metadata: { NumSegments: '1' }, receivedAt: at(50) }));
    expect(records.consents.map((one) => one.at)).toEqual([at(1), at(1)]);
    expect(records.heard).toEqual([at(1), at(1)]);
  });

  it('ends in the same activity in whatever order it and the webhooks come, with each status told', () => {
    const happening = fc.constantFrom<[string, ActivityStatus]>(
      ['status/queued', 'QUEUED'],
      ['status/accepted', 'QUEUED'],
      ['status/sent', 'SENT'],
      ['status/undelivered', 'UNDELIVERED'],
      ['status/delivered', 'DELIVERED'],
    );
    const telling = fc.record({
      happening,
      source: fc.constantFrom('webhook', 'list'),
      facts: fc.record({ body: fc.constantFrom('hola', 'adiós'), from: fc.constantFrom(OURS, 'MG1') }, { requiredKeys: [] }),
      metadata: fc.constantFrom<JsonObject[]>({}, { x: '1' }, { x: '2', y: '1' }),
      error: fc.constantFrom(null, { code: '30003', message: null }, { code: '30003', message: 'gone' }),
      occurredAt: fc.constantFrom(undefined, at(3), at(7)),
    });
    const tellings = fc.uniqueArray(telling, { minLength: 1, maxLength: 7, selector: (one) => `${one.source}/${one.happening[0]}` });
    fc.assert(
      fc.property(tellings, fc.infiniteStream(fc.nat()), (all, random) => {
        const drafts = all.map(({ happening: [name, status], source, metadata, occurredAt, ...rest }) =>
          tells({
            ...rest,
            source,
            happening: name,
            status,
            metadata: source === 'list' ? {} : metadata,
            ...(occurredAt && { occurredAt }),
          }),
        );
        const shuffled = [...drafts, ...drafts]
          .map((draft) => ({ draft, n: random.next().value as number }))
          .sort((a, b) => a.n - b.n)
          .map(({ draft }) => draft);
        const [one, other] = [new Records(), new Records()];
        for (const draft of drafts) one.record(draft);
        for (const draft of shuffled) other.record(draft);
        expect(settled(other.row)).toEqual(settled(one.row));
        const statuses = new Set(all.map(({ happening: [, status] }) => status));
        for (const records of [one, other]) {
          expect(new Set(records.told.map(({ draft }) => draft.event.status))).toEqual(statuses);
          expect(records.row.revision).toBe(records.told.length);
        }
      }),
      { numRuns: 500 },
    );
  });
});
