import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  isListType,
  isNonNullType,
  Kind,
  TypeInfo,
  type TypeNode,
  ValidationContext,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { type ComplexityEstimator, createComplexityRule } from 'graphql-query-complexity';
import { ErrorCode } from '../errors/coded-error.js';
import { QUERY_LIMITS, tooComplex } from './query-limits.js';

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

/** Of documents that cost the same whatever their variables: over HTTP the same text is the same document. */
const kept = new WeakMap<DocumentNode, Map<string | undefined, number>>();

/** What the counting says of a query that asks for too much to count. Source: graphql-query-complexity 2.0.0. */
const TOO_MANY_NODES = 'Query exceeds the maximum allowed number of nodes.';

/** Of a condition that is no Boolean, without which nothing is counted. */
const notFitting = ({ message, nodes }: GraphQLError) =>
  new GraphQLError(message, { nodes, extensions: { code: ErrorCode.BAD_USER_INPUT, http: { status: 400 } } });

/** An error where the operation costs too much, or where that cannot be counted: what is too much for it, or a condition that is no Boolean. Its variables count. */
export function refuseCost(
  schema: GraphQLSchema,
  query: DocumentNode,
  variables: Record<string, unknown>,
  operationName?: string,
): GraphQLError | undefined {
  let cost = kept.get(query)?.get(operationName);
  if (cost === undefined) {
    try {
      const told = costOf(schema, query, variables, operationName);
      cost = told.cost;
      if (told.isWhole && !hasVariablesThatCount(query)) keep(query, operationName, cost);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return error.message === TOO_MANY_NODES
        ? tooComplex(`The query asks for more than ${QUERY_LIMITS.nodes} fields.`)
        : notFitting(error);
    }
  }
  return cost > QUERY_LIMITS.cost
    ? tooComplex(`The query costs ${cost}, over ${QUERY_LIMITS.cost}. Ask for fewer items, or fewer lists in them.`)
    : undefined;
}

/** Not `isWhole` where variables or arguments do not fit: execution says so, and better, and does not run what they are for. Throws where there is too much to count. */
function costOf(schema: GraphQLSchema, query: DocumentNode, variables: Record<string, unknown>, operationName?: string) {
  const told = { cost: 0, isWhole: true };
  const types = new TypeInfo(schema);
  const context = new ValidationContext(schema, query, types, () => (told.isWhole = false));
  const rule = createComplexityRule({
    maximumComplexity: Infinity,
    maxQueryNodes: QUERY_LIMITS.nodes,
    estimators: [estimator],
    variables,
    operationName,
    onComplete: (cost) => (told.cost = cost),
  });
  visit(query, visitWithTypeInfo(types, rule(context)));
  return told;
}

/** `first`, and what `@include` and `@skip` ask. */
function hasVariablesThatCount({ definitions }: DocumentNode): boolean {
  return definitions.some(
    (one) =>
      one.kind === Kind.OPERATION_DEFINITION && one.variableDefinitions?.some(({ type }) => ['Int', 'Boolean'].includes(namedType(type))),
  );
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

function keep(query: DocumentNode, operationName: string | undefined, cost: number): void {
  const costs = kept.get(query);
  if (costs) costs.set(operationName, cost);
  else kept.set(query, new Map([[operationName, cost]]));
}
