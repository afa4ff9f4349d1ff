import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ActivityStatus } from '../adapters/activity-status.js';
import { type Channel, type Provider } from '../adapters/channel.js';
import { type ActivityRow } from '../activities/activity-row.js';
import { type Known } from '../activities/known.js';
import { planRecording } from '../activities/recording.js';
import { eventKeyOf, type SourcedDraft } from '../activities/sourced-draft.js';
import { type KnownContacts } from '../contacts/known-contacts.js';
import { outcomeDraft, ownDraft } from './own-draft.js';

const [OURS, ANA] = ['+15005550006', '+12025550147'];
const ID = '01a2153f-0000-7000-8000-000000000001';
const EXTERNAL_ID = "the provider's id";
const at = (second: number): Date => new Date(Date.UTC(2026, 10, 26, 9, 0, second));

interface Case {
  readonly channel: Channel;
  readonly provider: Provider;
  /** What the provider may tell of it. */
  readonly told: readonly ActivityStatus[];
}

const CASES: readonly Case[] = [
  { channel: 'SMS', provider: 'TWILIO', told: ['QUEUED', 'SENT', 'DELIVERED', 'UNDELIVERED', 'FAILED'] },
  { channel: 'WHATSAPP', provider: 'META', told: ['SENT', 'DELIVERED', 'READ', 'FAILED'] },
  { channel: 'VOICE', provider: 'TWILIO', told: ['INITIATED', 'RINGING', 'ANSWERED', 'COMPLETED', 'BUSY', 'NO_ANSWER'] },
];

function activityOf({ channel, provider }: Case) {
  return { activityId: ID, organizationId: 'norte', channel, provider, accountId: 'AC1', from: OURS, to: ANA };
}

function created(one: Case): SourcedDraft {
  const facts = { direction: 'OUTBOUND', from: OURS, to: ANA, body: 'hola' } as const;
  return ownDraft(activityOf(one), { step: 'created', status: 'QUEUED', at: at(0), facts, metadata: { caso: '7', price: 'ours' } });
}

/** All that we ourselves may say of it after that. */
function steps(one: Case): SourcedDraft[] {
  const activity = activityOf(one);
  const error = { code: '21211', message: 'no such number' };
  return [
    ...(one.channel === 'VOICE' ? [] : [ownDraft(activity, { step: 'sending', status: 'SENDING', at: at(1) })]),
    ownDraft(activity, { step: 'canceled', status: 'CANCELED', at: at(2) }),
    outcomeDraft(activity, { kind: 'ACCEPTED', externalId: EXTERNAL_ID }, at(3)),
    outcomeDraft(activity, { kind: 'REFUSED', error, optedOut: true }, at(4)),
    outcomeDraft(activity, { kind: 'UNKNOWN', reason: 'no answer' }, at(5)),
  ];
}

/** A callback that names the activity. It tells other addresses than ours, and a word that is not ours, too. */
function callback({ channel, provider }: Case, status: ActivityStatus, second: number): SourcedDraft {
  return {
    draft: {
      index: 0,
      channel,
      externalId: EXTERNAL_ID,
      activityId: ID,
      ours: [OURS],
      facts: { direction: 'OUTBOUND', from: 'somebody', to: 'somebody else', body: 'something else' },
      event: { key: `webhook/status/${status}`, kind: 'STATUS', status, occurredAt: at(second), error: null, metadata: { price: '1' } },
      attachments: [],
    },
    provider,
    accountId: 'AC1',
    servesOnly: undefined,
    origin: 'WEBHOOK',
    receivedAt: at(30),
    deliveryId: `delivery of ${status}`,
  };
}

/** What the database holds once all of them were recorded, one after the other. */
function recorded(drafts: readonly SourcedDraft[]) {
  const [references, activities, eventKeys] = [
    new Map<string, { organizationId: string; activityId: string }>(),
    new Map<string, ActivityRow>(),
    new Set<string>(),
  ];
  const consents: unknown[] = [];
  let ids = 0;
  for (const draft of drafts) {
    const contacts: KnownContacts = new Map([['norte', { merges: 0, contacts: new Map([[`PHONE ${ANA}`, null]]) }]]);
    const known: Known = {
      references,
      senders: new Map(),
      activities,
      eventKeys,
      contacts,
      locked: undefined,
      defaultOrganization: undefined,
    };
    const plan = planRecording([draft], known, () => `id-${++ids}`, draft.receivedAt);
    for (const { row } of [...plan.created, ...plan.grown]) activities.set(row.id, row);
    for (const { value, organizationId, activityId } of plan.references)
      references.set(`REFERENCE:${draft.provider} AC1 ${value}`, { organizationId, activityId });
    for (const outcome of plan.outcomes)
      if (outcome.kind === 'RECORDED') eventKeys.add(eventKeyOf(outcome.activityId, draft.draft.event.key));
    consents.push(...plan.consents);
  }
  return { activities: [...activities.values()], events: [...eventKeys].sort(), references: [...references], consents };
}

/** All of it but when it was written, and who its contact is by name. */
function settled(drafts: readonly SourcedDraft[]) {
  const { activities, ...rest } = recorded(drafts);
  return { ...rest, activities: activities.map(({ updatedAt: _at, contactId: _contact, ...row }) => row) };
}

describe.each(CASES)('What we do and what $provider tells of $channel', (one) => {
  const all = [...steps(one), ...one.told.map((status, i) => callback(one, status, 10 + i))];
  const first = created(one);

  it('ends in the same activity in whatever order it comes, and however often', () => {
    fc.assert(
      fc.property(fc.subarray(all), fc.infiniteStream(fc.nat()), (some, random) => {
        const shuffled = [...some, ...some]
          .map((draft) => ({ draft, n: random.next().value as number }))
          .sort((a, b) => a.n - b.n)
          .map(({ draft }) => draft);
        const [inOrder, inAnyOrder] = [settled([first, ...some]), settled([first, ...shuffled, first])];
        expect(inAnyOrder).toEqual(inOrder);
        expect(inAnyOrder.activities).toHaveLength(1);
        // What it says and whom it is to is ours to say, and what we call by a name that the provider has too.
        expect(inAnyOrder.activities[0]).toMatchObject({
          id: ID,
          from: OURS,
          to: ANA,
          body: 'hola',
          metadata: { caso: '7', price: 'ours' },
        });
      }),
      { numRuns: 300 },
    );
  });

  it("knows the provider's id by whoever tells it first, and one reference", () => {
    const [accepted] = steps(one).filter(({ draft }) => draft.externalId !== null);
    for (const drafts of [[accepted!], [callback(one, one.told[0]!, 10)], [callback(one, one.told[0]!, 10), accepted!]])
      expect(recorded([first, ...drafts])).toMatchObject({
        activities: [{ externalId: EXTERNAL_ID }],
        references: [[`REFERENCE:${one.provider} AC1 ${EXTERNAL_ID}`, { activityId: ID }]],
      });
  });
});
