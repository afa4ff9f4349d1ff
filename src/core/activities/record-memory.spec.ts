import { describe, expect, it } from '@jest/globals';
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
