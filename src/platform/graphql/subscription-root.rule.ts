import {
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  SingleFieldSubscriptionsRule,
  type ValidationRule,
} from 'graphql';

/**
 * A subscription has one root field, and that is not conditional. graphql-js says the first alone, and throws where it cannot count the fields
 * without the variables. Source: GraphQL specification, 5.2.4.1 Single root field.
 */
export const subscriptionRootRule: ValidationRule = (context) => {
  const singleField = SingleFieldSubscriptionsRule(context) as { OperationDefinition(node: OperationDefinitionNode): void };
  const fragments = new Map(
    context.getDocument().definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
  );
  return {
    OperationDefinition(node) {
      if (node.operation !== OperationTypeNode.SUBSCRIPTION) return;
      const conditional = rootSelections(node.selectionSet, fragments).find(isConditional);
      if (!conditional) return singleField.OperationDefinition(node);
      context.reportError(new GraphQLError("A subscription's root field takes neither @skip nor @include.", { nodes: conditional }));
    },
  };
};

/** Each spread and each fragment's own selections, each fragment once. */
function rootSelections(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  seen = new Set<string>(),
): SelectionNode[] {
  return selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return [selection, ...rootSelections(selection.selectionSet, fragments, seen)];
    const name = selection.name.value;
    const fragment = seen.has(name) ? undefined : fragments.get(name);
    seen.add(name);
    return [selection, ...(fragment ? rootSelections(fragment.selectionSet, fragments, seen) : [])];
  });
}

function isConditional({ directives = [] }: SelectionNode): boolean {
  return directives.some(({ name }) => name.value === 'skip' || name.value === 'include');
}
