import { buildSchema, type DocumentNode, type GraphQLError } from 'graphql';
import { ValidDocuments } from './valid-documents.js';

const documents = () => new ValidDocuments(buildSchema('type Query { viewer: String } type Subscription { told: String heard: String }'));
const wrong = (found: DocumentNode | readonly GraphQLError[]) => ('kind' in found ? [] : found.map(({ message }) => message));

describe('Valid documents', () => {
  it('are read once, by their text', () => {
    const read = documents();
    expect(read.read('{ viewer }')).toBe(read.read('{ viewer }'));
    expect(read.read('{ viewer  }')).not.toBe(read.read('{ viewer }'));
  });

  it('are what was found valid alone: what is wrong with the others is said each time', () => {
    const read = documents();
    for (let time = 0; time < 2; time++) {
      expect(wrong(read.read('{ nobody }'))).toEqual(['Cannot query field "nobody" on type "Query".']);
      expect(wrong(read.read('{'))).toEqual(['Syntax Error: Expected Name, found <EOF>.']);
    }
  });

  it('are not kept where they are long, and the oldest go where there are many', () => {
    const read = documents();
    const long = `{ viewer ${' '.repeat(20_000)} }`;
    expect(read.read(long)).not.toBe(read.read(long));
    const first = read.read('{ viewer }');
    for (let i = 0; i < 30; i++) read.read(`{ viewer ${' '.repeat(10_000 + i)} }`);
    expect(read.read('{ viewer }')).not.toBe(first);
  });

  it.each([
    ['@include by a variable', 'subscription($s: Boolean!) { told @include(if: $s) }'],
    ['@skip by a literal', 'subscription { told @skip(if: true) }'],
    ['@include of a spread', 'subscription($s: Boolean!) { ...a @include(if: $s) } fragment a on Subscription { told }'],
    [
      '@skip in a fragment of a fragment',
      'subscription { ...a } fragment a on Subscription { ...b ...a } fragment b on Subscription { told @skip(if: false) }',
    ],
    ['@skip of an inline fragment', 'subscription { ... @skip(if: true) { told } }'],
  ])('have no condition at the root of a subscription: %s', (_name, text) => {
    expect(wrong(documents().read(text))).toContain("A subscription's root field takes neither @skip nor @include.");
  });

  it('have one root field in a subscription, and conditions below it', () => {
    expect(wrong(documents().read('subscription { told heard }'))).toEqual([
      'Anonymous Subscription must select only one top level field.',
    ]);
    expect(wrong(documents().read('subscription { told ... { told } }'))).toEqual([]);
    expect(wrong(documents().read('query($s: Boolean!) { viewer @include(if: $s) }'))).toEqual([]);
  });
});
