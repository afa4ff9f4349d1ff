import { reasonOf } from './reason-of.js';

describe('The reason of an error', () => {
  it.each<[unknown, string]>([
    [new Error('no room'), 'no room'],
    [Object.assign(new Error(''), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [
      new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:9') }),
      'fetch failed: connect ECONNREFUSED 127.0.0.1:9',
    ],
    [new TypeError('fetch failed', { cause: Object.assign(new Error(''), { code: 'ENOTFOUND' }) }), 'fetch failed: ENOTFOUND'],
    [new Error('over\n  two lines'), 'over two lines'],
    [new Error('\nInvalid `prisma.x()` invocation:\n\nThe table is gone'.trim()), 'The table is gone'],
    ['a text', 'a text'],
  ])('%# is one line', (error, reason) => expect(reasonOf(error)).toBe(reason));
});
