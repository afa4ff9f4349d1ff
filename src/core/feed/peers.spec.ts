import { beforeEach, describe, expect, it } from '@jest/globals';
import { Peers } from './peers.js';

describe('That another process may be there to tell of a commit', () => {
  let peers: Peers;
  beforeEach(() => {
    peers = new Peers();
    peers.listening(0);
  });

  it('is so until those who are there have had time to say so, and not after that', () => {
    expect([peers.mayBeThere(1_999), peers.mayBeThere(2_001)]).toEqual([true, false]);
  });

  it('is so from when one is heard, until it was not heard for longer than three hellos', () => {
    peers.hear('other', 10_000);
    expect([peers.mayBeThere(10_001), peers.mayBeThere(44_000), peers.mayBeThere(46_000)]).toEqual([true, true, false]);
    peers.hear('other', 50_000);
    peers.hear('other', 80_000);
    expect(peers.mayBeThere(110_000)).toBe(true);
  });

  it('is so while nothing is heard', () => {
    peers.listening(undefined);
    expect(peers.mayBeThere(60_000)).toBe(true);
  });

  it('is news once of each', () => {
    expect([peers.hear('one', 1), peers.hear('one', 2), peers.hear('two', 3)]).toEqual([true, false, true]);
  });
});
