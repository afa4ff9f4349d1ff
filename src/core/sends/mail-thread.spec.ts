import { describe, expect, it } from '@jest/globals';
import { isMessageId, mailThreadOf } from './mail-thread.js';

describe('mailThreadOf', () => {
  const ids = (n: number) => Array.from({ length: n }, (_, i) => `m${i}@x.example`);
  const written = (list: readonly string[]) => list.map((id) => `<${id}>`).join('\r\n ');

  it.each([
    ['what it refers to', { References: '<a@x> <b@x>', 'In-Reply-To': '<c@x>' }, ['a@x', 'b@x']],
    ['what it refers to, folded, crowded and twice', { References: '<a@x>\r\n\t<b@x><a@x>' }, ['a@x', 'b@x']],
    ['what it answers where it refers to nothing', { 'In-Reply-To': '<c@x> <d@x>' }, ['c@x']],
    ['nothing of a first mail', {}, []],
    ['nothing of what is no id', { References: 'a@x, b@x <> <a b@x> <\r\nBcc: x@y> <c', 'In-Reply-To': 'her mail of Tuesday' }, []],
  ])('has %s', (_what, metadata, thread) => {
    expect(mailThreadOf({ metadata })).toEqual(thread);
  });

  it('of a long thread has how it began and what came last', () => {
    expect(mailThreadOf({ metadata: { References: written(ids(90)) } })).toEqual(['m0@x.example', ...ids(90).slice(-19)]);
  });
});

describe('isMessageId', () => {
  it.each(['abc@mail.example', 'CAF+x=y.1@[192.0.2.1]'])('takes %s', (id) => expect(isMessageId(id)).toBe(true));

  it.each([null, '', 'abc', 'abc\rBcc: victim@x.example', 'a b@x.example', 'a\x01@x.example', 'ñ@x.example', '<a@x.example>'])(
    'takes no %j',
    (id) => expect(isMessageId(id)).toBe(false),
  );
});
