import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

export const JsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: readLiteral,
});

function readLiteral(node: ValueNode): unknown {
  switch (node.kind) {
    case Kind.STRING:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.NULL:
      return null;
    case Kind.LIST:
      return node.values.map(readLiteral);
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map((field) => [field.name.value, readLiteral(field.value)]));
    case Kind.ENUM:
    case Kind.VARIABLE:
      throw new GraphQLError('JSON in a query text takes values, not variables inside them: pass the whole as one variable.', {
        nodes: node,
      });
  }
}
