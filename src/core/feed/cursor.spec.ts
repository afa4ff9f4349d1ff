import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { decodeCursor, encodeCursor, isAtEvent, isOfOrganization } from './cursor.js';

const epoch = randomBytes(6);

describe('a feed cursor', () => {
  it('gives back what it was made of', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(), fc.uuid(), (organizationId, seq, eventId) => {
        const cursor = decodeCursor(encodeCursor(epoch, organizationId, { seq, eventId }))!;
        expect(cursor.seq).toBe(seq);
        expect(cursor.epoch).toEqual(epoch);
        expect(isOfOrganization(cursor, organizationId)).toBe(true);
        expect(isAtEvent(cursor, eventId)).toBe(true);
      }),
    );
  });

  it('tells another organization and another event', () => {
    const cursor = decodeCursor(encodeCursor(epoch, 'norte', { seq: 7, eventId: '019383f0-0000-7000-8000-000000000001' }))!;
    expect(isOfOrganization(cursor, 'sur')).toBe(false);
    expect(isAtEvent(cursor, '019383f0-0000-7000-8000-000000000002')).toBe(false);
  });

  it('is not any other text', () => {
    fc.assert(fc.property(fc.string(), (text) => decodeCursor(text) === undefined));
    expect(decodeCursor('A'.repeat(28))).toBeUndefined();
  });
});
