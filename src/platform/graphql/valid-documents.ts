import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  parse,
  SingleFieldSubscriptionsRule,
  specifiedRules,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { limitRules, QUERY_LIMITS, tooComplex, tooLong } from './query-limits.js';
import { subscriptionRootRule } from './subscription-root.rule.js';

const RULES = [...specifiedRules.filter((rule) => rule !== SingleFieldSubscriptionsRule), subscriptionRootRule, ...limitRules];
/** Of texts; what is parsed takes some 50 times as much. */
const MOST_CHARACTERS = 1 << 18;
/** Only what clients of one kind all say is worth keeping. */
const LONGEST_KEPT = 1 << 14;

/** Documents that were found valid, by their text: to parse and to validate one takes half a millisecond, and after a restart all sockets come back with the same few. */
export class ValidDocuments {
  private readonly kept = new LRUCache<string, DocumentNode>({
    maxSize: MOST_CHARACTERS,
    maxEntrySize: LONGEST_KEPT,
    sizeCalculation: (_document, text) => text.length + 1,
  });

  constructor(private readonly schema: GraphQLSchema) {}

  /** The document, or what is wrong with it. */
  read(text: string): DocumentNode | readonly GraphQLError[] {
    const known = this.kept.get(text);
    if (known) return known;
    const refusal = tooLong(text);
    if (refusal !== undefined) return [tooComplex(refusal)];
    let document;
    try {
      document = parse(text, { maxTokens: QUERY_LIMITS.tokens });
    } catch (error) {
      return [error as GraphQLError];
    }
    const errors = validate(this.schema, document, RULES);
    if (errors.length) return errors;
    this.kept.set(text, document);
    return document;
  }
}
