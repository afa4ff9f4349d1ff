import { buildSchema, type DocumentNode, type GraphQLError } from 'graphql';
import { ValidDocuments } from './valid-documents.js';

const documents = () => new ValidDocuments(buildSchema('type Query { viewer: String }'));
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
});
