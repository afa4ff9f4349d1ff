import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionNode } from 'graphql';

/** Whether an operation asks for one of these fields of what the resolver gives; fields with a condition count. */
export function asksFor(info: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>, names: readonly string[]): boolean {
  const seen = new Set<string>();
  const isOne = (selection: SelectionNode): boolean => {
    if (selection.kind === Kind.FIELD) return names.includes(selection.name.value);
    if (selection.kind === Kind.INLINE_FRAGMENT) return selection.selectionSet.selections.some(isOne);
    const name = selection.name.value;
    if (seen.has(name)) return false;
    seen.add(name);
    return info.fragments[name]!.selectionSet.selections.some(isOne);
  };
  return info.fieldNodes.some(({ selectionSet }: FieldNode) => selectionSet?.selections.some(isOne));
}
