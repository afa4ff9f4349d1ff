import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

/** JSON on its way in, out of reach of whoever walks an input: pipes rebuild what they can see. */
export class GivenJson {
  readonly #value: unknown;

  constructor(value?: unknown) {
    this.#value = value;
  }

  get value(): unknown {
    return this.#value;
  }
}

/** What comes in is a GivenJson: a field of an input class takes it `AsGiven`. */
export const JsonScalar = new GraphQLScalarType<GivenJson, unknown>({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => new GivenJson(shallow(value)),
  parseLiteral: (node) => new GivenJson(shallow(readLiteral(node))),
});

/** Deeper than anybody's data, and far from where whoever walks it runs out of stack. */
const DEEPEST = 100;

function shallow(value: unknown): unknown {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= DEEPEST; depth++) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? (Object.values(one) as unknown[]) : []));
    if (!level.length) return value;
  }
  throw new GraphQLError(`JSON may be ${DEEPEST} levels deep at the most.`);
}

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
      throw new GraphQLError(`JSON in a query text takes values: ${node.value} is none. A text stands in quotes.`, { nodes: node });
    case Kind.VARIABLE:
      throw new GraphQLError('JSON in a query text takes values, not variables inside them: pass the whole as one variable.', {
        nodes: node,
      });
  }
}
