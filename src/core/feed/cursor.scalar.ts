import { type ASTNode, GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const LONGEST = 200;

/** The type of a cursor, so that the SDL tells it from a list's. Whose it is and whether it still reaches is judged where it is used. */
export const CursorScalar = new GraphQLScalarType<string, string>({
  name: 'Cursor',
  description: `An opaque position in an organization's feed. It names the feed's epoch too: after a restore from a backup an old one ends with
CURSOR_EXPIRED, never in silence. Not to be mixed with a connection's \`edges.cursor\` and \`endCursor\`, which page a list: each refuses the other and says which it wanted.`,
  serialize: (value) => value as string,
  parseValue: (value) => readText(value),
  parseLiteral: (node) => readText(node.kind === Kind.STRING ? node.value : undefined, node),
});

function readText(value: unknown, nodes?: ASTNode): string {
  if (typeof value !== 'string' || value.length > LONGEST)
    throw new GraphQLError('Cursor wants the text of a cursor as it was given.', { nodes });
  return value;
}
