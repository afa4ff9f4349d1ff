import { BoundedList, BoundedMap } from './bounded.js';

describe('what is bounded', () => {
  it('keeps the newest in the order it came', () => {
    const list = new BoundedList<number>(3);
    for (let i = 0; i < 20; i++) list.add(i);
    expect([...list]).toEqual([17, 18, 19]);
    list.clear();
    expect(list.all).toEqual([]);
  });

  it('forgets the oldest key, and what is put again is new', () => {
    const map = new BoundedMap<number>(2);
    map.put('a', 1);
    map.put('b', 2);
    map.put('a', 3);
    map.put('c', 4);
    expect([map.get('a'), map.get('b'), map.get('c'), map.newest]).toEqual([3, undefined, 4, [4, 3]]);
    expect([map.delete('a'), map.delete('a')]).toEqual([true, false]);
  });
});
