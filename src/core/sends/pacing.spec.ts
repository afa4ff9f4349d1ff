import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Channel } from '../adapters/channel.js';
import { Pacing } from './pacing.js';
import { type Turn } from './write-sends.sql.js';

const SENDER = { organizationId: 'norte', channel: Channel.SMS, from: '+1' };
const BEGIN = Date.parse('2026-01-01T00:00:00Z');

/** What leaves, and when, of one sender's messages: each decision is a plan of its own over what the database has, as several processes make them. */
function play(perSecond: number, acceptedAt: readonly number[], looksAt: readonly number[]): number[] {
  let turns: Turn[] = [];
  const waiting: number[] = [];
  const left: number[] = [];
  const decide = (at: number, of: (pacing: Pacing, now: Date) => void) => {
    const pacing = new Pacing(perSecond, turns);
    of(pacing, new Date(BEGIN + at));
    turns = [...pacing.written.values(), ...turns].slice(0, 1);
  };
  const steps = [...acceptedAt.map((at) => ({ at, look: false })), ...looksAt.map((at) => ({ at, look: true }))].sort(
    (a, b) => a.at - b.at,
  );
  for (const { at, look } of steps)
    decide(at, (pacing, now) => {
      if (!look) {
        const turn = pacing.take(SENDER, now);
        if (turn > now) return void waiting.push(turn.getTime());
        pacing.left(SENDER, now);
        left.push(at);
        return;
      }
      const due = waiting.filter((dueAt) => dueAt <= now.getTime()).sort((a, b) => a - b);
      for (const dueAt of due) {
        waiting.splice(waiting.indexOf(dueAt), 1);
        const turn = pacing.afterTurn(SENDER, new Date(dueAt), now);
        if (turn > now) waiting.push(turn.getTime());
        else {
          pacing.left(SENDER, now);
          left.push(at);
        }
      }
    });
  return left;
}

/** The most in any window of one second. */
const mostInASecond = (times: readonly number[]) =>
  Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));
const every = (ms: number, from: number, to: number) => Array.from({ length: Math.max(0, (to - from) / ms) }, (_, i) => from + i * ms);

describe('Pacing', () => {
  it('lets leave one at each turn where nobody is late', () => {
    expect(play(5, every(0.001, 0, 0.01), every(1, 0, 3_000))).toEqual(every(200, 0, 2_000));
  });

  it('after five seconds without a look lets leave no more a second than ever', () => {
    const left = play(5, every(0.001, 0, 0.04), [...every(20, 0, 1_000), ...every(20, 6_000, 30_000)]);
    expect([left.length, mostInASecond(left)]).toEqual([40, 6]);
  });

  it('lets no more leave in any second than its rate, and what a timer may be late, whenever they come and whenever it is looked', () => {
    const times = (longest: number) => fc.array(fc.nat(longest), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.constantFrom(1, 5, 20, 100), times(4_000), times(8_000), (perSecond, accepted, looks) => {
        const left = play(perSecond, accepted, [...looks, ...every(50, 8_000, 120_000)]);
        const early = Math.max(250 / perSecond, 50);
        expect(left).toHaveLength(accepted.length);
        expect(mostInASecond(left)).toBeLessThanOrEqual(Math.floor(((1_000 + early) * perSecond) / 1_000) + 1);
      }),
    );
  });
});
