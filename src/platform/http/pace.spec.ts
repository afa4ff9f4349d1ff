import { Pace } from './pace.js';

describe('Pace', () => {
  const paceOf = (...came: readonly [bytes: number, at: number][]) => {
    const pace = new Pace(0);
    for (const [bytes, at] of came) pace.came(bytes, at);
    return pace;
  };

  it('is what came in the last five to ten seconds', () => {
    expect(paceOf([10, 0], [20, 4_999]).lately(5_000)).toBe(30);
    expect(paceOf([10, 0], [20, 6_000]).lately(9_999)).toBe(30);
    expect(paceOf([10, 0], [20, 6_000]).lately(10_000)).toBe(20);
  });

  it('of whom nothing came since is nothing, however much came before', () => {
    expect(paceOf([10_000_000, 100]).lately(10_000)).toBe(0);
    expect(paceOf([10_000_000, 100]).lately(3_600_000)).toBe(0);
  });
});
