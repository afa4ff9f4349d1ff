import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionNode } from 'graphql';

/** Whether an operation asks for one of these fields of what the resolver gives; fields with a condition count. */
export function asksFor(info: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>, names: readonly string[]): boolean {
  const isOne = (selection: SelectionNode): boolean => {
    if (selection.kind === Kind.FIELD) return names.includes(selection.name.value);
    const { selectionSet } = selection.kind === Kind.INLINE_FRAGMENT ? selection : info.fragments[selection.name.value]!;
    return selectionSet.selections.some(isOne);
  };
  return info.fieldNodes.some(({ selectionSet }: FieldNode) => selectionSet?.selections.some(isOne));
}
