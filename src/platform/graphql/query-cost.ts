import { type DocumentNode, GraphQLError, type GraphQLSchema, isListType, isNonNullType, Kind, type TypeNode } from 'graphql';
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity';
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

/** An error where the operation costs too much; its variables count. */
export function refuseCost(
  schema: GraphQLSchema,
  query: DocumentNode,
  variables: Record<string, unknown>,
  operationName?: string,
): GraphQLError | undefined {
  let cost = kept.get(query)?.get(operationName);
  if (cost === undefined) {
    try {
      cost = getComplexity({ schema, query, variables, operationName, estimators: [estimator] });
    } catch (error) {
      // Variables that do not fit: execution says so, and better.
      if (error instanceof GraphQLError) return undefined;
      throw error;
    }
    if (!hasVariablesThatCount(query)) keep(query, operationName, cost);
  }
  return cost > QUERY_LIMITS.cost
    ? tooComplex(`The query costs ${cost}, over ${QUERY_LIMITS.cost}. Ask for fewer items, or fewer lists in them.`)
    : undefined;
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
