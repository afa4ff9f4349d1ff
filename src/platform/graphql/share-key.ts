import { type DocumentNode, Kind, type OperationDefinitionNode, visit } from 'graphql';
import { hash } from 'node:crypto';

/** Where a subscription begins, which says nothing of what an event looks like. */
const POSITION = 'after';

/** What was asked for, and what else decides what is answered. */
export interface Asked {
  readonly query: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  /** What the listener may see. */
  readonly rights: string;
  readonly language: string;
}

/** Listeners with the same key get the same answer of one event. The text itself counts, not what it means: who asks in other words is answered apart. */
export function shareKey({ query, document, operation, variables, rights, language }: Asked): string {
  const positions = positionsOf(document, operation);
  const named = (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
  // One that is not sent has its default, one that is null has none.
  const counted = named.flatMap((name) => (positions.has(name) || !Object.hasOwn(variables, name) ? [] : [[name, variables[name]]]));
  return hash('sha256', JSON.stringify([query, operation.name?.value ?? null, counted, rights, language]), 'base64');
}

/** Variables that say where to begin, and nothing else anywhere. */
function positionsOf(document: DocumentNode, { selectionSet }: OperationDefinitionNode): ReadonlySet<string> {
  const uses = new Map<string, number>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void uses.set(name.value, (uses.get(name.value) ?? 0) + 1),
  });
  const begins = selectionSet.selections.flatMap((field) => (field.kind === Kind.FIELD ? (field.arguments ?? []) : []));
  return new Set(
    begins.flatMap(({ name, value }) =>
      name.value === POSITION && value.kind === Kind.VARIABLE && uses.get(value.name.value) === 1 ? [value.name.value] : [],
    ),
  );
}
