import { describe, expect, it } from '@jest/globals';
import { readSince } from './since.js';

const NOW = new Date('2026-11-25T12:00:00Z');

describe('readSince', () => {
  it.each([
    ['30m', '2026-11-25T11:30:00Z'],
    ['24h', '2026-11-24T12:00:00Z'],
    ['7d', '2026-11-18T12:00:00Z'],
    ['2026-11-01', '2026-11-01T00:00:00Z'],
    ['2026-11-01T08:00:00+01:00', '2026-11-01T07:00:00Z'],
  ])('reads %s', (text, time) => expect(readSince(text, NOW)).toEqual(new Date(time)));

  it.each(['', 'yesterday', '7', '7w', '-1d', '2026-13-01', '2026-11-01Tx'])('does not read %p', (text) =>
    expect(readSince(text, NOW)).toBeUndefined(),
  );
});
