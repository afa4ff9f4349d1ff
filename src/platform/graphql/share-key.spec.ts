import { describe, expect, it } from '@jest/globals';
import { getOperationAST, parse } from 'graphql';
import { type Asked, shareKey } from './share-key.js';

const BODY =
  'subscription Live($o: ID!, $from: Cursor, $deep: Boolean) { feed(organizationId: $o, after: $from) { id name @include(if: $deep) } }';

function keyOf(more: Partial<Asked> = {}) {
  const query = more.query ?? BODY;
  const document = parse(query);
  const operation = getOperationAST(document, undefined)!;
  return shareKey({ document, operation, variables: { o: 'norte' }, rights: 'r', language: 'en', ...more, query });
}

describe('shareKey', () => {
  it('is the same wherever a subscription begins', () => {
    expect(keyOf({ variables: { o: 'norte', from: 'a' } })).toBe(keyOf({ variables: { o: 'norte', from: 'b' } }));
    expect(keyOf({ variables: { o: 'norte', from: 'a' } })).toBe(keyOf());
  });

  it('is the same whatever is sent that the operation does not name, however deep', () => {
    let deep: unknown = [];
    for (let i = 0; i < 200_000; i++) deep = [deep];
    expect(keyOf({ variables: { o: 'norte', after: 'a', deep: true, deeper: deep } })).toBe(
      keyOf({ variables: { o: 'norte', deep: true } }),
    );
  });

  it.each<[string, Partial<Asked>]>([
    ['another document', { query: BODY.replace('id name', 'id alias: name') }],
    ['another operation name', { query: BODY.replace('Live', 'Other') }],
    ['another organization', { variables: { o: 'sur' } }],
    ['another value of a directive', { variables: { o: 'norte', deep: true } }],
    ['null for what has a default', { variables: { o: 'norte', deep: null } }],
    ['other rights', { rights: 'all' }],
    ['another language', { language: 'es' }],
  ])('is another for %s', (_, more) => {
    expect(keyOf(more)).not.toBe(keyOf());
  });

  it.each([
    ['is shown as well', BODY.replace('id name', 'id name(as: $from)')],
    ['is an argument of something deeper', BODY.replace('after: $from', 'x: 1').replace('id name', 'id name(after: $from)')],
    ['is another argument', BODY.replace('after: $from', 'contactId: $from')],
  ])('counts a position that %s', (_, query) => {
    expect(keyOf({ query, variables: { o: 'norte', from: 'a' } })).not.toBe(keyOf({ query, variables: { o: 'norte', from: 'b' } }));
  });
});
