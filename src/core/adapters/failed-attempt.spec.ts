import { describe, expect, it } from '@jest/globals';
import { Declined, RequestFailed } from '../../platform/http/web-request.js';
import { type AnswerReader, outcomeOfFailure } from './failed-attempt.js';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const READER: AnswerReader = { refusal: ({ body }) => ({ code: body, message: null }), isOptOut: ({ code }) => code === '21610' };

const declined = (status: number, headers: Record<string, string> = {}, body = '1') => new Declined({ status, headers, body });
const of = (failure: unknown, reader = READER) => outcomeOfFailure(failure, reader, NOW);

describe('outcomeOfFailure', () => {
  it('a request that never left is not sent, one that may have left is unknown', () => {
    expect(of(new RequestFailed(false, 'connect ECONNREFUSED'))).toEqual({ kind: 'NOT_SENT', reason: 'connect ECONNREFUSED' });
    expect(of(new RequestFailed(true, 'socket hang up'))).toEqual({ kind: 'UNKNOWN', reason: 'socket hang up' });
  });

  it.each([400, 401, 403, 404, 409, 413, 422])('%i is a refusal', (status) => {
    expect(of(declined(status))).toEqual({ kind: 'REFUSED', error: { code: '1', message: null } });
  });

  it.each([301, 307, 408, 500, 502, 503, 504])('of %i nobody knows', (status) => {
    expect(of(declined(status)).kind).toBe('UNKNOWN');
  });

  it('an answer that could not be read is unknown', () => {
    expect(of(new SyntaxError('Unexpected token'))).toEqual({ kind: 'UNKNOWN', reason: 'the answer could not be read: Unexpected token' });
  });

  it.each<[string, number | undefined]>([
    ['2', 2_000],
    ['0', 0],
    ['1.5', 1_500],
    ['Tue, 24 Nov 2026 10:00:30 GMT', 30_000],
    ['Tue, 24 Nov 2026 09:00:00 GMT', 0],
    ['soon', undefined],
  ])('429 with Retry-After: %s may be tried again after %s ms', (value, retryAfterMs) => {
    const outcome = of(declined(429, { 'retry-after': value }));
    expect(outcome).toEqual({
      kind: 'NOT_SENT',
      reason: expect.stringContaining('429'),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  });

  it('the provider’s own way to say when comes after Retry-After', () => {
    const reader = { ...READER, retryAfterMs: () => 7 };
    expect(of(declined(429), reader)).toMatchObject({ retryAfterMs: 7 });
    expect(of(declined(429, { 'retry-after': '2' }), reader)).toMatchObject({ retryAfterMs: 2_000 });
  });

  it('what the provider’s own code says goes before the status', () => {
    expect(of(declined(400), { ...READER, meaning: () => 'NOT_SENT' }).kind).toBe('NOT_SENT');
    expect(of(declined(400), { ...READER, meaning: () => 'UNKNOWN' }).kind).toBe('UNKNOWN');
  });

  it('a refusal for an opt-out says so', () => {
    expect(of(declined(400, {}, '21610'))).toMatchObject({ kind: 'REFUSED', optedOut: true });
    expect(of(declined(400))).not.toHaveProperty('optedOut');
  });
});
