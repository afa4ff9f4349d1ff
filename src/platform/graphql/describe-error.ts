import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { CodedError, ErrorCode } from '../errors/coded-error.js';
import { fieldOfError } from './field-of-error.js';
import { tooMuchIn } from './query-limits.js';

/** What a client sees of an error, and the error itself where it was ours: to be logged, never shown. */
export interface DescribedError {
  readonly shown: GraphQLFormattedError;
  readonly unexpected: unknown;
}

/** Codes that graphql-js, Apollo and Nest use for a request that is not right. */
const CLIENT_CODES = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'BAD_USER_INPUT',
]);

/** Characters. */
const LONGEST_MESSAGE = 600;

/** Every code is one of ErrorCode; neither a stack nor SQL is ever part of it. `formatted` is what Apollo would have said. */
export function describeError(error: unknown, formatted?: GraphQLFormattedError): DescribedError {
  const chain = causesOf(error);
  const place = { ...(formatted?.locations && { locations: formatted.locations }), ...(formatted?.path && { path: formatted.path }) };
  const show = (message: string, extensions: Record<string, unknown>): GraphQLFormattedError => ({
    // Apollo begins so what ended a request before its text was read.
    message: message.replace(/^Context creation failed: /, ''),
    ...place,
    extensions,
  });

  const coded = chain.find((e) => e instanceof CodedError);
  if (coded) return { shown: show(coded.message, { code: coded.code, ...coded.details }), unexpected: undefined };

  const badInput = chain.map(validationMessages).find((messages) => messages !== undefined);
  if (badInput)
    return { shown: show(badInput.join('; '), { code: ErrorCode.BAD_USER_INPUT, ...fieldOf(badInput[0]) }), unexpected: undefined };

  const ours = chain.find(
    (e) =>
      e instanceof GraphQLError &&
      typeof e.extensions.code === 'string' &&
      e.extensions.code in ErrorCode &&
      e.extensions.code !== 'INTERNAL',
  ) as GraphQLError | undefined;
  if (ours)
    return {
      shown: show(ours.message, {
        ...withoutHttp(ours.extensions),
        ...(ours.extensions.code === 'BAD_USER_INPUT' && !('field' in ours.extensions) && fieldOfError([ours], ours.message)),
      }),
      unexpected: undefined,
    };

  const tooMuch = chain.map((e) => (e instanceof GraphQLError ? tooMuchIn(e.message) : undefined)).find((words) => words !== undefined);
  if (tooMuch !== undefined) return { shown: show(tooMuch, { code: ErrorCode.QUERY_TOO_COMPLEX }), unexpected: undefined };

  const code = formatted?.extensions?.code;
  const bare = chain.every((e) => e instanceof GraphQLError);
  if ((typeof code === 'string' && CLIENT_CODES.has(code)) || (bare && error instanceof GraphQLError)) {
    const message = formatted?.message ?? (error as GraphQLError).message;
    return {
      shown: show(withoutMiddle(message), { code: ErrorCode.BAD_USER_INPUT, ...fieldOfError(chain, message) }),
      unexpected: undefined,
    };
  }
  return {
    shown: show('Something went wrong on our side. It was logged; please try again.', { code: ErrorCode.INTERNAL }),
    unexpected: chain.at(-1),
  };
}

function causesOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let e: unknown = error; e && chain.length < 8; e = e instanceof GraphQLError ? e.originalError : undefined) chain.push(e);
  return chain;
}

/** The messages of Nest's ValidationPipe. */
function validationMessages(error: unknown): string[] | undefined {
  const response: unknown = (error as { getResponse?: () => unknown }).getResponse?.();
  const message = (response as { message?: unknown } | undefined)?.message;
  return Array.isArray(message) ? message.map(String) : undefined;
}

/** class-validator's messages begin with the property's name. */
function fieldOf(message: string | undefined): { field?: string } {
  const field = message?.split(' ', 1)[0];
  return field ? { field } : {};
}

/** graphql-js repeats a value as it stands in a query's text, however long, before and after what it says of it. */
function withoutMiddle(message: string): string {
  const half = LONGEST_MESSAGE / 2;
  return message.length > LONGEST_MESSAGE ? `${message.slice(0, half).toWellFormed()} … ${message.slice(-half).toWellFormed()}` : message;
}

function withoutHttp({ http: _http, ...extensions }: Record<string, unknown>): Record<string, unknown> {
  return extensions;
}
