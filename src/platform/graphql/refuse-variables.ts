import {
  coerceInputValue,
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  isInputType,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { ErrorCode } from '../errors/coded-error.js';
import { fieldAt, memberIn } from './field-of-error.js';

/** Of a value, and of what is said against it: whoever sent megabytes knows them. */
const MOST_CHARACTERS = 200;

/**
 * An error where a variable that was given does not fit its type: the first alone. graphql-js tells up to 50, and each with the whole value: 8 MB of
 * variables were answered with 419, and counting an operation's cost told all of them (95 kB kept the process for 11 s).
 */
export function refuseVariables(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown>,
  operationName?: string,
): GraphQLError | undefined {
  for (const definition of getOperationAST(document, operationName)?.variableDefinitions ?? []) {
    const value = variables[definition.variable.name.value];
    // What is missing is named by execution, and shortly.
    const refusal = value === undefined || value === null ? undefined : misfit(schema, definition, value);
    if (refusal) return refusal;
  }
  return undefined;
}

function misfit(schema: GraphQLSchema, definition: VariableDefinitionNode, value: unknown): GraphQLError | undefined {
  const type = typeFromAST(schema, definition.type);
  if (!isInputType(type)) return undefined;
  const name = definition.variable.name.value;
  try {
    coerceInputValue(value, type, (path, invalid, { message }) => {
      const place = path.length ? ` at "${name}${path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('')}"` : '';
      const field = fieldAt([name, ...path.map(String), ...memberIn(message)]);
      throw new GraphQLError(`Variable "$${name}" got invalid value ${shown(invalid)}${place}; ${shortened(message)}`, {
        nodes: definition,
        extensions: { code: ErrorCode.BAD_USER_INPUT, ...field, http: { status: 400 } },
      });
    });
    return undefined;
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** What is nested deeper than can be written is not shown. */
function shown(value: unknown): string {
  try {
    return shortened(JSON.stringify(value) ?? '');
  } catch {
    return '…';
  }
}

function shortened(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS).toWellFormed()}…` : text;
}
