import { type ASTNode, GraphQLError, Kind, type Token, TokenKind } from 'graphql';

/** Characters: a longer one is no name of ours. */
const LONGEST_FIELD = 200;

/** What graphql-js finds unfit. Empty where the error is of nothing that was given. */
export function fieldOfError(chain: readonly unknown[], message: string): { field?: string } {
  const literal = literalIn(chain);
  if (literal) return fieldAt([...literal, ...memberIn(message)]);
  const [, variable, argument] = /^(?:Variable "\$(\w+)"|(?:Unknown argument|Argument|Field "\w+" argument) "(\w+)")/.exec(message) ?? [];
  if (variable === undefined) return fieldAt(argument === undefined ? [] : [argument]);
  // `Variable "$input" got invalid value … at "input.to[0]"; …`: the value is whatever somebody sent, and what is said of it stands behind.
  const [said = '', wrong = ''] =
    /; (Field "[^"]+" (?:of required type "[^"]+" was not provided|is not defined by type "[^"]+")\.[^.]*)$/.exec(message) ?? [];
  const place = message.slice(message.lastIndexOf(' at "', message.length - said.length));
  const [, path = ''] = /^ at "\w+([.[][\w.[\]]*)"; /.exec(place) ?? [];
  return fieldAt([variable, ...path.split(/[.[\]]+/).filter(Boolean), ...memberIn(wrong)]);
}

/**
 * Named as our own refusals do, from its argument or variable on, but without the input it is in: `to.0`; of a list that is one itself its element:
 * `channels.1`.
 */
export function fieldAt(path: readonly string[]): { field?: string } {
  const within = path.length > 1 && !/^\d/.test(path[1]!) ? path.slice(1) : path;
  const field = within.join('.');
  return field && field.length <= LONGEST_FIELD ? { field } : {};
}

/** What is missing in an input, or not known there, by what is said of that input. */
export function memberIn(message: string): string[] {
  const [, name] = /^Field "(?:\w+\.)?([^".]+)" (?:of required type|is not defined by type)/.exec(message) ?? [];
  return name === undefined ? [] : [name];
}

/** A value in the text of a query, from its argument on: by tokens, since nothing knows its parent. */
function literalIn(chain: readonly unknown[]): string[] | undefined {
  const node = chain.flatMap((e): readonly ASTNode[] => (e instanceof GraphQLError ? (e.nodes ?? []) : []))[0];
  const isMember = node?.kind === Kind.OBJECT_FIELD;
  if (!isMember && !node?.kind.endsWith('Value')) return undefined;
  const path: string[] = [];
  // Whether its name was met, and what stands before it are its siblings; else its place in a list is not known yet.
  let isNamed = isMember;
  let [depth, nth] = [0, 0];
  for (let token = before(node.loc?.startToken); token; token = before(token)) {
    const { kind } = token;
    const opens = kind === TokenKind.BRACKET_L || kind === TokenKind.BRACE_L || kind === TokenKind.PAREN_L;
    if (depth > 0) depth -= Number(opens) - Number(closes(kind));
    else if (kind === TokenKind.PAREN_L) break;
    else if (opens) {
      if (kind === TokenKind.BRACKET_L) path.unshift(String(nth));
      [isNamed, nth] = [false, 0];
    } else {
      if (closes(kind)) depth = 1;
      if (isNamed) continue;
      if (kind === TokenKind.COLON) {
        path.unshift(before(token)!.value);
        isNamed = true;
      } else if (kind !== TokenKind.DOLLAR) nth++;
    }
  }
  return path;
}

const closes = (kind: TokenKind): boolean => kind === TokenKind.BRACKET_R || kind === TokenKind.BRACE_R || kind === TokenKind.PAREN_R;

function before(token: Token | null | undefined): Token | null | undefined {
  let prev = token?.prev;
  while (prev?.kind === TokenKind.COMMENT) ({ prev } = prev);
  return prev;
}
