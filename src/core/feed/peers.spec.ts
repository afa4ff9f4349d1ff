import { beforeEach, describe, expect, it } from '@jest/globals';
import { Peers } from './peers.js';

describe('That another process may be there to tell of a commit', () => {
  let peers: Peers;
  beforeEach(() => {
    peers = new Peers();
    peers.listening(0);
  });
  /** It hears itself every ten seconds. */
  const hearOwnUntil = (end: number) => {
    for (let now = 10_000; now <= end; now += 10_000) peers.hearOwn(now);
  };

  it('is so until those who are there have had time to say so, and not after that', () => {
    expect([peers.mayBeThere(1_999), peers.mayBeThere(2_001)]).toEqual([true, false]);
  });

  it('is so from when one is heard, until it was not heard for longer than three hellos', () => {
    hearOwnUntil(110_000);
    peers.hear('other', 10_000);
    expect([peers.mayBeThere(10_001), peers.mayBeThere(44_000), peers.mayBeThere(46_000)]).toEqual([true, true, false]);
    peers.hear('other', 50_000);
    peers.hear('other', 80_000);
    expect(peers.mayBeThere(110_000)).toBe(true);
  });

  it('is so while nothing is heard', () => {
    hearOwnUntil(60_000);
    peers.lost();
    expect([peers.mayBeThere(60_000), peers.isDeaf(60_000)]).toEqual([true, false]);
  });

  it('is so while it does not even hear itself, which tells that its connection is dead', () => {
    hearOwnUntil(60_000);
    expect([peers.isDeaf(94_000), peers.mayBeThere(94_000)]).toEqual([false, false]);
    expect([peers.isDeaf(96_000), peers.mayBeThere(96_000)]).toEqual([true, true]);
    peers.listening(97_000);
    expect([peers.isDeaf(99_001), peers.mayBeThere(99_001)]).toEqual([false, false]);
  });

  it('is news once of each, and again of one that was gone', () => {
    expect([peers.hear('one', 1), peers.hear('one', 2), peers.hear('two', 3), peers.hear('one', 40_000)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });
});
