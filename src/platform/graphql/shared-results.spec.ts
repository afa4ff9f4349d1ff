import { describe, expect, it } from '@jest/globals';
import { type Result, SharedResults } from './shared-results.js';

/** Results that say how many were made before, and listeners by the first letter of their group. */
function world(...groups: string[]) {
  const shared = new SharedResults();
  let made = 0;
  const make = (more: Partial<Result> & { length?: number } = {}) => {
    const json = String(++made).padEnd(more.length ?? 0);
    return Promise.resolve({ json, failed: false, ...more });
  };
  const listeners = groups.map((group) => shared.join(group));
  const tell = async (i: number, told: number | undefined, more?: Parameters<typeof make>[0]) =>
    Number((await listeners[i]!.of({ told }, () => make(more))).json);
  return { listeners, tell };
}

describe('SharedResults', () => {
  it('makes an event once for all of a group, those who ask at once and those who come later', async () => {
    const { tell } = world('a', 'a', 'a');
    expect([...(await Promise.all([tell(0, 1), tell(1, 1)])), await tell(2, 1)]).toEqual([1, 1, 1]);
    expect(await tell(0, 2)).toBe(2);
  });

  it('shares nothing between groups', async () => {
    const { tell } = world('a', 'a', 'b', 'b');
    expect(await Promise.all([tell(0, 1), tell(2, 1)])).toEqual([1, 2]);
  });

  it('shares nothing that one alone is told', async () => {
    const { tell } = world('a', 'a');
    expect(await Promise.all([tell(0, undefined), tell(1, undefined)])).toEqual([1, 2]);
  });

  it('keeps nothing for a listener whom all others have left', async () => {
    const { listeners, tell } = world('a', 'a');
    listeners[1]!.leave();
    expect([await tell(0, 1), await tell(0, 1)]).toEqual([1, 2]);
  });

  it('keeps nothing that failed: who waits for it tries by itself, and who comes later too', async () => {
    const { tell } = world('a', 'a', 'a');
    expect(await Promise.all([tell(0, 1, { failed: true }), tell(1, 1)])).toEqual([1, 2]);
    expect(await tell(2, 1)).toBe(3);
  });

  it('keeps nothing that could not be made', async () => {
    const { listeners, tell } = world('a', 'a');
    await expect(listeners[0]!.of({ told: 1 }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await tell(1, 1)).toBe(1);
  });

  it('keeps four million characters, the newest', async () => {
    const { tell } = world('a', 'a', 'a');
    for (let told = 1; told <= 5; told++) await tell(0, told, { length: 1_000_000 });
    expect(await tell(1, 5)).toBe(5);
    expect(await tell(2, 1)).toBe(6);
  });

  it('tells who is so late that an event is forgotten nothing that was made before, and what is made from then on', async () => {
    const { tell } = world('a', 'a');
    for (let told = 1; told <= 5; told++) await tell(0, told, { length: 1_000_000 });
    expect([await tell(1, 1), await tell(1, 2), await tell(1, 5)]).toEqual([6, 7, 8]);
    expect([await tell(0, 6), await tell(1, 6)]).toEqual([9, 9]);
  });

  it('tells who made one by itself, since it had failed or nobody else was there, nothing that was made before it', async () => {
    const { listeners, tell } = world('a', 'a', 'a');
    await tell(0, 1, { failed: true });
    await tell(0, 2);
    expect([await tell(1, 1), await tell(1, 2)]).toEqual([3, 4]);
    await tell(0, 3);
    await tell(0, 4);
    for (const i of [0, 1]) listeners[i]!.leave();
    expect([await tell(2, 3), await tell(2, 4)]).toEqual([7, 8]);
  });

  it('makes what is larger than all that is kept for each, and nothing from before it is told after it', async () => {
    const { tell } = world('a', 'a');
    await tell(0, 1, { length: 5_000_000 });
    await tell(0, 2);
    expect([await tell(1, 1), await tell(1, 2)]).toEqual([3, 4]);
  });
});
