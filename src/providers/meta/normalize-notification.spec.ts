import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { change, messages, notification, only, SENT, TEXT } from '../../../test/factories/meta-items.js';
import { bodyOf as bytesOf, readCases } from '../../../test/fixtures/read-cases.js';
import { normalizeNotification } from './normalize-notification.js';

describe('the fixtures', () => {
  const cases = readCases('meta-whatsapp-').filter(
    ({ method, name, expect: { verified } }) => method === 'POST' && verified && !name.includes('not-json'),
  );

  it.each(cases.map((fixture) => [fixture.name, fixture] as const))('%s becomes what it expects', (_name, fixture) => {
    const { drafts, problems } = normalizeNotification(JSON.parse(bytesOf(fixture).toString()));
    expect(problems).toEqual([]);
    for (const activity of fixture.expect.activities ?? []) {
      if (activity.mayBeFolded) continue;
      const draft = drafts.filter(({ externalId }) => externalId === activity.externalId).at(-1);
      expect(draft).toMatchObject({
        channel: activity.channel,
        facts: {
          direction: activity.direction,
          from: activity.from,
          to: activity.to,
          ...(typeof activity.body === 'string' && { body: activity.body }),
        },
        event: { status: activity.status, ...(activity.occurredAt && { occurredAt: new Date(activity.occurredAt) }) },
        attachments: (activity.attachments ?? []).map(({ contentType }) => ({ contentType })),
        ...(activity.contactName && { party: { name: activity.contactName } }),
      });
      if (activity.error) expect(draft?.event.error?.code).toBe(activity.error.code);
      const owned = fixture.senders.filter(({ organization }) => organization === activity.organization).map(({ address }) => address);
      expect(owned).toContain(draft?.ours[0]);
    }
    const expected = new Set(
      (fixture.expect.activities ?? []).filter(({ mayBeFolded }) => !mayBeFolded).map(({ externalId }) => externalId),
    );
    if (fixture.expect.state === 'PROCESSED')
      expect(new Set(drafts.filter(({ event }) => event.kind === 'STATUS').map(({ externalId }) => externalId))).toEqual(expected);
  });
});

describe('a notification', () => {
  it('is counted item by item, and one that cannot be read costs its neighbors nothing', () => {
    const { drafts, problems } = normalizeNotification({
      object: 'whatsapp_business_account',
      entry: [
        { id: '1', changes: [change({ messages: [TEXT, { ...TEXT, id: 5 }, null], statuses: [SENT, { id: 'wamid.T' }] })] },
        'no entry',
        { id: '2', changes: [7, { field: 'messages', value: { messages: [TEXT] } }, change({ messages: 'none', statuses: [SENT] })] },
        { id: '3', changes: [change({ anything: 1 }, 'account_update'), change({ messages: [{ ...TEXT, id: 'wamid.Z' }] })] },
      ],
    });
    expect(drafts.map(({ index, externalId }) => [index, externalId])).toEqual([
      [0, 'wamid.A'],
      [3, 'wamid.S'],
      [9, 'wamid.S'],
      [10, 'wamid.Z'],
    ]);
    expect(problems).toEqual([
      { index: 1, message: 'id must be string.' },
      { index: 2, message: 'It must be object.' },
      { index: 4, message: 'status is missing.' },
      { index: 5, message: 'It must be object.' },
      { index: 6, message: 'It must be object.' },
      { index: 7, message: 'metadata is missing.' },
      { index: 8, message: 'messages must be array.' },
    ]);
  });

  it('is of whichever number each change names', () => {
    const other = { display_phone_number: '+44 7700 900220', phone_number_id: '309988776655443' };
    const { drafts } = normalizeNotification(notification(change({ messages: [TEXT] }), change({ metadata: other, messages: [TEXT] })));
    expect(drafts.map(({ ours, facts }) => [ours[0], facts.to])).toEqual([
      ['201122334455667', '+12025550130'],
      ['309988776655443', '+447700900220'],
    ]);
  });

  it('of an error alone, of another field, or of another product says nothing', () => {
    for (const payload of [
      notification(change({ errors: [{ code: 131000 }] })),
      notification(change({ event: 'APPROVED' }, 'message_template_status_update')),
      notification(change({ messages: [TEXT] }, 'history')),
      { object: 'page', entry: [{ id: '1', messaging: [] }] },
    ])
      expect(normalizeNotification(payload)).toEqual({ drafts: [], problems: [] });
  });

  it('with a list that Meta has not told of says so, beside what it can read', () => {
    const { drafts, problems } = normalizeNotification(
      notification(change({ messages: [TEXT], message_future: [{}], contacts: [], errors: [{}] })),
    );
    expect([drafts.length, problems]).toEqual([1, [{ index: 1, message: 'The list message_future is not known.' }]]);
  });

  it.each([null, 7, 'x', [], {}, { entry: {} }])('that is none (%j) is one problem', (payload) => {
    const { drafts, problems } = normalizeNotification(payload);
    expect(drafts).toEqual([]);
    expect(problems).toEqual([{ index: 0, message: expect.any(String) }]);
  });

  it('what PostgreSQL refuses is replaced wherever it stands, and what is too much is cut', () => {
    const draft = only(
      messages({
        ...TEXT,
        text: { body: 'a\0b\ud800' },
        'x\0': 'y\0',
        long: 'z'.repeat(20_000),
        many: Array(1_000).fill(1),
        more: Array(9).fill('y'.repeat(15_000)),
      }),
    );
    expect(draft.facts.body).toBe('a\ufffdb\ufffd');
    const { metadata } = draft.event;
    expect(metadata['x\ufffd']).toBe('y\ufffd');
    expect((metadata.long as string).length).toBe(16_001);
    const many = metadata.many as unknown[];
    expect([many.length, many.at(-1)]).toEqual([251, '…']);
    expect((metadata.more as string[]).map(({ length }) => length)).toEqual([15_000, 15_000, 15_000, expect.any(Number), 1, 1, 1, 1, 1]);
  });

  it('may nest as deep as its size allows', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`);
    expect(only(messages({ ...TEXT, type: 'nest', nest: deep })).event.metadata.type).toBe('nest');
  });

  it('of any shape is read or is a problem, never an error', () => {
    const payloads = readCases('meta-whatsapp-')
      .filter(({ name, method }) => method === 'POST' && !name.includes('not-json'))
      .map((fixture) => bytesOf(fixture).toString());
    fc.assert(
      fc.property(fc.constantFrom(...payloads), fc.nat(), fc.jsonValue(), (payload, n, replacement) => {
        const places = [...payload.matchAll(/(?<=:)("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?)/g)];
        const { index, 0: found } = places[n % places.length]!;
        const mutated = payload.slice(0, index) + JSON.stringify(replacement) + payload.slice(index + found.length);
        const { drafts } = normalizeNotification(JSON.parse(mutated));
        for (const draft of drafts) {
          expect(JSON.stringify(draft)).not.toContain('\\u0000');
          expect((draft.externalId ?? '').length + draft.event.key.length).toBeLessThan(1_000);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
