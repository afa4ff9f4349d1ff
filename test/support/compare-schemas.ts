import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isSpecifiedScalarType,
} from 'graphql';

export interface SchemaComparison {
  /** What only the contract has: `Type`, `Type.field`, `Type.field(argument)`, `Enum.VALUE`. Of what lacks as a whole only the whole. */
  readonly missing: readonly string[];
  /** What both have, and does not mean the same. */
  readonly different: readonly string[];
  /** What a client of the contract would have to give and does not know of. */
  readonly demanded: readonly string[];
}

/** Holds what is served against a contract. What is served may be more, as long as a client that knows the contract alone goes well. */
export function compareSchemas(contract: GraphQLSchema, served: GraphQLSchema): SchemaComparison {
  const found = { missing: [] as string[], different: [] as string[], demanded: [] as string[] };
  for (const type of Object.values(contract.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    const other = served.getType(type.name);
    if (!other) found.missing.push(type.name);
    else if (other.constructor !== type.constructor) found.different.push(`${type.name} is another kind of type`);
    else compareTypes(type, other, found);
  }
  return { missing: found.missing.sort(), different: found.different.sort(), demanded: found.demanded.sort() };
}

type Found = { missing: string[]; different: string[]; demanded: string[] };

function compareTypes(type: GraphQLNamedType, other: GraphQLNamedType, found: Found): void {
  if (isEnumType(type) && isEnumType(other)) {
    for (const { name } of type.getValues()) if (!other.getValue(name)) found.missing.push(`${type.name}.${name}`);
  }
  if (isInputObjectType(type) && isInputObjectType(other)) {
    compareInputs(Object.values(type.getFields()), Object.values(other.getFields()), (name) => `${type.name}.${name}`, found);
    for (const field of Object.values(other.getFields()))
      if (isRequiredInputField(field) && !type.getFields()[field.name]) found.demanded.push(`${type.name}.${field.name}`);
  }
  if (!isObjectType(type) || !isObjectType(other)) return;
  for (const field of Object.values(type.getFields())) {
    const name = `${type.name}.${field.name}`;
    const its = other.getFields()[field.name];
    if (!its) {
      found.missing.push(name);
      continue;
    }
    if (String(its.type) !== String(field.type)) found.different.push(`${name}: ${String(its.type)}, not ${String(field.type)}`);
    compareInputs(field.args, its.args, (argument) => `${name}(${argument})`, found);
    for (const argument of its.args)
      if (isRequiredArgument(argument) && !field.args.some((one) => one.name === argument.name))
        found.demanded.push(`${name}(${argument.name})`);
  }
}

function compareInputs(
  wanted: readonly (GraphQLArgument | GraphQLInputField)[],
  given: readonly (GraphQLArgument | GraphQLInputField)[],
  nameOf: (name: string) => string,
  found: Found,
): void {
  for (const one of wanted) {
    const other = given.find(({ name }) => name === one.name);
    if (!other) {
      found.missing.push(nameOf(one.name));
      continue;
    }
    const meaning = ({ type, defaultValue }: GraphQLArgument | GraphQLInputField) =>
      `${String(type)}${defaultValue === undefined ? '' : ` = ${JSON.stringify(defaultValue)}`}`;
    if (meaning(other) !== meaning(one)) found.different.push(`${nameOf(one.name)}: ${meaning(other)}, not ${meaning(one)}`);
  }
}
