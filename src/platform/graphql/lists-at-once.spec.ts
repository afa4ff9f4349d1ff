import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type GraphqlContext } from './graphql-context.js';
import { readList } from './lists-at-once.js';

const contextOf = (rateKey: string = randomUUID()): GraphqlContext => ({
  actor: undefined,
  rateKey,
  language: 'en',
  socket: undefined,
  loaders: new Map(),
});

describe('readList', () => {
  it('of one operation two are read at once, all of them, and one that fails stops no other; another operation does not wait', async () => {
    const [heavy, other] = [contextOf(), contextOf()];
    let reading = 0;
    let most = 0;
    const read = (i: number) => async () => {
      most = Math.max(most, ++reading);
      await new Promise(setImmediate);
      reading--;
      if (i === 1) throw new Error('no');
      return i;
    };
    const lists = Promise.allSettled([0, 1, 2, 3, 4, 5].map((i) => readList(heavy, read(i))));
    await expect(readList(other, () => Promise.resolve('other'))).resolves.toBe('other');
    expect((await lists).map((list) => (list.status === 'fulfilled' ? list.value : 'failed'))).toEqual([0, 'failed', 2, 3, 4, 5]);
    expect(most).toBe(2);
  });

  it('of all operations six are read at once', async () => {
    let reading = 0;
    let most = 0;
    const read = async () => {
      most = Math.max(most, ++reading);
      await new Promise(setImmediate);
      reading--;
    };
    const contexts = Array.from({ length: 20 }, () => contextOf());
    await Promise.all(contexts.flatMap((context) => [readList(context, read), readList(context, read)]));
    expect(most).toBe(6);
  });

  it('of one credential four are, over all its operations, so that others find a turn beside it', async () => {
    let isOver = false;
    const gate = new Promise<void>((open) => setTimeout(() => open(), 50));
    const heavy = Array.from({ length: 20 }, () => readList(contextOf('heavy'), () => gate));
    void Promise.all(heavy).then(() => (isOver = true));
    await readList(contextOf(), () => Promise.resolve());
    expect(isOver).toBe(false);
    await Promise.all(heavy);
  });
});
