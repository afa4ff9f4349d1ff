import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { GraphQLError, type ValidationContext, type ValidationRule } from 'graphql';
import { ErrorCode } from '../errors/coded-error.js';

/** What one request may ask. docs/graphql.md tells them to clients. */
export const QUERY_LIMITS = {
  depth: 12,
  aliases: 500,
  directives: 50,
  tokens: 15_000,
  characters: 1 << 20,
  lines: 5_000,
  /** Fields and fragments, each as often as it is spread. */
  nodes: 10_000,
  cost: 100_000,
  first: 200,
  listLength: 10,
} as const;

/** Where graphql-js says that a text is too much, and has no code for it, that in our words; undefined where it says something else. */
export function tooMuchIn(message: string): string | undefined {
  if (/^Syntax Error: Document contains more tha[tn] \d+ tokens\b/.test(message))
    return `The query has more than ${QUERY_LIMITS.tokens} tokens.`;
  // Lists and objects within each other, as a parser reads them.
  if (message === 'Maximum call stack size exceeded') return 'The query is nested too deep.';
  // It compares each field of one name with each.
  if (message === 'Validation aborted.') return 'The query has too many fields of one name in one place: ask for each once.';
  return undefined;
}

/** Why a query's text is not even read; undefined where it is. graphql-js counts the lines anew for each error: 500,000 of comments took four seconds. */
export function tooLong(text: string): string | undefined {
  if (text.length > QUERY_LIMITS.characters)
    return `The query's text must have at most ${QUERY_LIMITS.characters} characters: give what is long as variables.`;
  return linesOf(text) > QUERY_LIMITS.lines ? `The query's text must have at most ${QUERY_LIMITS.lines} lines.` : undefined;
}

function linesOf(text: string): number {
  let lines = 1;
  for (let i = 0; i < text.length; i++)
    if (text.charCodeAt(i) === 0x0a || (text.charCodeAt(i) === 0x0d && text.charCodeAt(i + 1) !== 0x0a)) lines++;
  return lines;
}

export const tooComplex = (message: string) =>
  new GraphQLError(message, { extensions: { code: ErrorCode.QUERY_TOO_COMPLEX, http: { status: 400 } } });
const report = (message: string) => ({
  propagateOnRejection: false,
  onReject: [(context: ValidationContext | null) => context?.reportError(tooComplex(message))],
});

/** Validation rules beside the specified ones; graphql-js itself limits how deep introspection goes. */
export const limitRules: ValidationRule[] = [
  maxDepthRule({ n: QUERY_LIMITS.depth, ignoreIntrospection: true, ...report(`The query is deeper than ${QUERY_LIMITS.depth} levels.`) }),
  maxAliasesRule({ n: QUERY_LIMITS.aliases, allowList: [], ...report(`The query has more than ${QUERY_LIMITS.aliases} aliases.`) }),
  maxDirectivesRule({ n: QUERY_LIMITS.directives, ...report(`The query has more than ${QUERY_LIMITS.directives} directives.`) }),
] as ValidationRule[];
