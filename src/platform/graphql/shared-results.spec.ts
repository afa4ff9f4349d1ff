import { describe, expect, it } from '@jest/globals';
import { SharedResults } from './shared-results.js';

function sharedBy(...groups: string[]) {
  const shared = new SharedResults();
  for (const group of groups) shared.join(group);
  let made = 0;
  const make =
    (length = 0) =>
    () =>
      Promise.resolve(String(++made).padEnd(length));
  return { shared, make, made: () => made };
}

describe('SharedResults', () => {
  it('makes an event once for all of a group, those who ask at once and those who come later', async () => {
    const { shared, make } = sharedBy('a', 'a', 'a');
    const atOnce = [shared.of('a', { told: 1 }, make()), shared.of('a', { told: 1 }, make())];
    expect([...(await Promise.all(atOnce)), await shared.of('a', { told: 1 }, make())]).toEqual(['1', '1', '1']);
    expect(await shared.of('a', { told: 2 }, make())).toBe('2');
  });

  it('shares nothing between groups', async () => {
    const { shared, make } = sharedBy('a', 'a', 'b', 'b');
    expect(await Promise.all([shared.of('a', { told: 1 }, make()), shared.of('b', { told: 1 }, make())])).toEqual(['1', '2']);
  });

  it('shares nothing that one alone is told', async () => {
    const { shared, make } = sharedBy('a', 'a');
    expect(await Promise.all([shared.of('a', {}, make()), shared.of('a', {}, make())])).toEqual(['1', '2']);
  });

  it('keeps nothing for a group of one, which others may have left', async () => {
    const { shared, make } = sharedBy('a', 'a');
    shared.leave('a');
    expect([await shared.of('a', { told: 1 }, make()), await shared.of('a', { told: 1 }, make())]).toEqual(['1', '2']);
    shared.join('a');
    expect(await shared.of('a', { told: 1 }, make())).toBe('3');
  });

  it('keeps no failure', async () => {
    const { shared, make } = sharedBy('a', 'a');
    await expect(shared.of('a', { told: 1 }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await shared.of('a', { told: 1 }, make())).toBe('1');
  });

  it('keeps four million characters, the newest', async () => {
    const { shared, make, made } = sharedBy('a', 'a');
    for (let told = 1; told <= 5; told++) await shared.of('a', { told }, make(1 << 20));
    await shared.of('a', { told: 5 }, make());
    expect(made()).toBe(5);
    await shared.of('a', { told: 1 }, make());
    expect(made()).toBe(6);
  });
});
