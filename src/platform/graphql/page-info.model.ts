import { Field, ObjectType } from '@nestjs/graphql';
import { encodePageCursor, type ListName, type PageKey } from './page-cursor.js';

@ObjectType('PageInfo')
export class PageInfoModel {
  @Field()
  hasNextPage!: boolean;

  @Field()
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  startCursor!: string | null;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

/** A page of `rows`, of which one more than `first` was read to see whether there are more. */
export function pageOf<T>(
  list: ListName,
  rows: readonly T[],
  first: number,
  after: boolean,
  keyOf: (row: T) => PageKey,
): { edges: { cursor: string; node: T }[]; pageInfo: PageInfoModel } {
  return pageBy((row) => encodePageCursor(list, keyOf(row)), rows, first, after);
}

/** The same, for a list with cursors of its own. */
export function pageBy<T>(
  cursorOf: (row: T) => string,
  rows: readonly T[],
  first: number,
  after: boolean,
): { edges: { cursor: string; node: T }[]; pageInfo: PageInfoModel } {
  const edges = rows.slice(0, first).map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage: after,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
