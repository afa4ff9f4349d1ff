import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  isListType,
  isNonNullType,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity';
import { ErrorCode } from '../errors/coded-error.js';

/** What one request may ask. docs/graphql.md tells them to clients. */
export const QUERY_LIMITS = { depth: 12, aliases: 500, directives: 50, tokens: 15_000, cost: 100_000, first: 200, listLength: 10 } as const;

const tooComplex = (message: string) =>
  new GraphQLError(message, { extensions: { code: ErrorCode.QUERY_TOO_COMPLEX, http: { status: 400 } } });
const report = (message: string) => ({
  propagateOnRejection: false,
  onReject: [(context: ValidationContext | null) => context?.reportError(tooComplex(message))],
});

/** Validation rules beside the specified ones; graphql-js itself limits how deep introspection goes. */
export const limitRules: ValidationRule[] = [
  maxDepthRule({ n: QUERY_LIMITS.depth, ignoreIntrospection: true, ...report(`The query is deeper than ${QUERY_LIMITS.depth} levels.`) }),
  maxAliasesRule({ n: QUERY_LIMITS.aliases, allowList: [], ...report(`The query has more than ${QUERY_LIMITS.aliases} aliases.`) }),
  maxDirectivesRule({ n: QUERY_LIMITS.directives, ...report(`The query has more than ${QUERY_LIMITS.directives} directives.`) }),
] as ValidationRule[];

/** A field costs 1 and what is below it; a list as often as it has items: `first`, or a typical length where it takes none. */
const estimator: ComplexityEstimator = ({ args, childComplexity, field }) => {
  const first: unknown = args.first;
  if (field.args.some(({ name }) => name === 'first'))
    return 1 + Math.max(0, typeof first === 'number' ? first : QUERY_LIMITS.first) * childComplexity;
  const type = isNonNullType(field.type) ? field.type.ofType : field.type;
  // A connection's `edges` was multiplied by its `first`.
  return isListType(type) && field.name !== 'edges' && field.name !== 'items'
    ? 1 + QUERY_LIMITS.listLength * childComplexity
    : 1 + childComplexity;
};

/** An error where the operation costs too much; its variables count. */
export function refuseCost(
  schema: GraphQLSchema,
  query: DocumentNode,
  variables: Record<string, unknown>,
  operationName?: string,
): GraphQLError | undefined {
  let cost: number;
  try {
    cost = getComplexity({ schema, query, variables, operationName, estimators: [estimator] });
  } catch (error) {
    // Variables that do not fit: execution says so, and better.
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
  return cost > QUERY_LIMITS.cost
    ? tooComplex(`The query costs ${cost}, over ${QUERY_LIMITS.cost}. Ask for fewer items, or fewer lists in them.`)
    : undefined;
}
