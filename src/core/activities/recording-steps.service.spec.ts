import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Queries } from '../../platform/database/direct-queries.service.js';
import { Strangers } from '../contacts/strangers.js';
import { type Known } from './known.js';
import { RecordingSteps } from './recording-steps.service.js';
import { type SourcedDraft } from './sourced-draft.js';

const OURS = '+14155550100';
const AT = new Date('2026-11-27T09:00:00Z');
const KNOWN: Known = {
  references: new Map(),
  senders: new Map([[`SMS:${OURS}`, 'norte']]),
  activities: new Map(),
  eventKeys: new Set(),
  contacts: new Map([['norte', { merges: 0, contacts: new Map() }]]),
  locked: undefined,
  defaultOrganization: undefined,
};

/** A message of each of so many people. */
const messages = (count: number, first = 0): SourcedDraft[] =>
  Array.from({ length: count }, (_, i) => ({
    provider: 'TWILIO',
    accountId: 'AC1',
    servesOnly: undefined,
    origin: 'WEBHOOK',
    receivedAt: AT,
    deliveryId: null,
    draft: {
      index: 0,
      channel: 'SMS',
      externalId: `SM${first + i}`,
      ours: [OURS],
      facts: { direction: 'INBOUND', from: `+1202555${1000 + first + i}`, to: OURS, body: 'hola' },
      event: { key: 'webhook/message/in', kind: 'STATUS', status: 'RECEIVED', occurredAt: null, error: null, metadata: {} },
      attachments: [],
    },
  }));

/** A directory in which nobody is known, and that counts how often it is asked. */
class EmptyDirectory implements Queries {
  asked = 0;

  $queryRaw<T>({ values }: { values: unknown[] }): Promise<T> {
    this.asked++;
    const [organizations, kinds, found] = values as [string[], string[], string[]];
    const contacts = found.map((value, i) => ({ organizationId: organizations[i], kind: kinds[i], value, contact: null }));
    return Promise.resolve([{ known: { found: contacts, heads: [{ organizationId: 'norte', merges: 0 }] } }] as T);
  }
}

describe('Whose the messages of people are that were not seen', () => {
  const steps = new RecordingSteps({});
  let directory: EmptyDirectory;
  beforeEach(() => {
    directory = new EmptyDirectory();
  });

  it('is asked, until four times as many in a row were strangers: then all are new without a question', async () => {
    const strangers = new Strangers();
    await steps.decide(directory, messages(40), KNOWN, strangers);
    expect(directory.asked).toBe(1);
    const plan = await steps.decide(directory, messages(10, 40), KNOWN, strangers);
    expect([directory.asked, plan.contacts.created.size, plan.contacts.identities.length]).toEqual([1, 10, 10]);
    await steps.decide(directory, messages(11, 50), KNOWN, strangers);
    expect(directory.asked).toBe(2);
  });

  it('is asked always where nothing may be supposed', async () => {
    for (let i = 0; i < 5; i++) await steps.decide(directory, messages(1, i), KNOWN);
    expect(directory.asked).toBe(5);
  });
});
