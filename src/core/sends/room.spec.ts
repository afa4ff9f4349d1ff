import { Room } from './room.js';

const SIZE = { attempts: 3, attemptsOfAccount: 2, bytes: 100 };
const of = (accountId: string, sizeBytes = 0) => ({ accountId, sizeBytes });

describe('The room for attempts', () => {
  it('is each account’s up to its own places, and everybody’s after that', () => {
    const room = new Room(SIZE, [of('hangs')]);
    expect([room.take(of('hangs')), room.take(of('hangs')), room.take(of('other')), room.take(of('third'))]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(room.fullAccounts()).toEqual(['hangs']);
    expect([room.isFull('hangs'), room.isFull('third'), room.most(20)]).toEqual([true, true, 0]);
  });

  it('has bytes of files as well, which what carries none does not need', () => {
    const room = new Room(SIZE, [of('a', 60)]);
    expect([room.bytesLeft(), room.take(of('b', 41)), room.take(of('b', 40)), room.bytesLeft()]).toEqual([40, false, true, 0]);
    expect([room.most(20), room.take(of('c'))]).toEqual([1, true]);
  });

  it('is enough for one alone, however large', () => {
    const room = new Room(SIZE);
    expect([room.bytesLeft(), room.take(of('a', 1_000)), room.take(of('b', 1)), room.take(of('b'))]).toEqual([
      undefined,
      true,
      false,
      true,
    ]);
  });
});
