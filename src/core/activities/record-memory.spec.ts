import v8 from 'node:v8';
import vm from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { ContactPlan } from '../contacts/contact-plan.js';
import { type ActivityRow } from './activity-row.js';
import { RecordMemory } from './record-memory.js';
import { type SourcedDraft } from './sourced-draft.js';

const activity = { id: 'an activity' } as ActivityRow;
/** What became of a send of ours: never new. */
function outcome(more: Partial<SourcedDraft> = {}): SourcedDraft {
  const event = { key: 'api/outcome', kind: 'STATUS', status: 'SENT', occurredAt: new Date(0), error: null, metadata: {} } as const;
  const draft = {
    index: 0,
    channel: 'SMS',
    externalId: 'SM1',
    activityId: activity.id,
    facts: {},
    ours: [],
    attachments: [],
    event,
  } as const;
  const source = {
    provider: 'TWILIO',
    accountId: 'AC1',
    servesOnly: undefined,
    origin: 'API',
    receivedAt: new Date(0),
    deliveryId: null,
  } as const;
  return { ...source, own: 'norte', draft, ...more };
}

describe('a guess of what the database knows', () => {
  it('is of the activities that all drafts bring', () => {
    expect(new RecordMemory().guess([outcome({ activity }), outcome({ activity })], undefined)?.activities).toEqual(
      new Map([[activity.id, activity]]),
    );
  });

  it('is none where one of them brings none, or where there are no drafts', () => {
    const memory = new RecordMemory();
    expect([
      memory.guess([outcome({ activity }), outcome()], undefined),
      memory.guess([outcome()], undefined),
      memory.guess([], undefined),
    ]).toEqual([undefined, undefined, undefined]);
  });
});

describe('what is remembered of contacts', () => {
  const heldBytes = (): number => {
    v8.setFlagsFromString('--expose-gc');
    (vm.runInNewContext('gc') as () => void)();
    return process.memoryUsage().heapUsed;
  };
  const learnt = (body: string, i: number): ContactPlan => {
    const known = new Map([['norte', { merges: 0, contacts: new Map([[`PHONE +3460000${i}`, null]]) }]]);
    const plan = new ContactPlan(
      known,
      () => `contact ${i}`,
      () => undefined,
    );
    plan.of('norte', { identities: [{ kind: 'PHONE', value: `+3460000${i}` }], name: body.slice(5, 25), order: '1' });
    return plan;
  };

  it('keeps none of the webhooks that told it', () => {
    const memory = new RecordMemory();
    const before = heldBytes();
    for (let i = 0; i < 1_000; i++) memory.learnContacts(learnt(`${i} ${'Name of a person '.repeat(3_000)}`, i));
    expect(memory.contacts.get('norte')?.contacts.size).toBe(1_000);
    expect(heldBytes() - before).toBeLessThan(5_000_000);
  });
});
