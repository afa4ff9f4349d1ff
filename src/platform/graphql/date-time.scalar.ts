import { type CustomScalar, Scalar } from '@nestjs/graphql';
import { GraphQLError, Kind, type ValueNode } from 'graphql';
import { isOfPlainYear } from './plain-year.js';

const ISO = /^\d{4}-\d\d-(\d\d)T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** What a field of type Date is: ISO 8601 with a zone in, UTC with milliseconds out. */
@Scalar('DateTime', () => Date)
export class DateTimeScalar implements CustomScalar<string, Date> {
  description = 'An instant in ISO 8601 with a zone, such as `2026-11-24T10:42:00.000Z`.';

  serialize(value: unknown): string {
    return (value as Date).toISOString();
  }

  parseValue(value: unknown): Date {
    return read(value);
  }

  parseLiteral(node: ValueNode): Date {
    return read(node.kind === Kind.STRING ? node.value : undefined, node);
  }
}

function read(value: unknown, node?: ValueNode): Date {
  const date = typeof value === 'string' && isDay(value) ? new Date(value) : undefined;
  if (!date || !isOfPlainYear(date))
    throw new GraphQLError('DateTime wants ISO 8601 with a zone, such as 2026-11-24T10:42:00Z.', { nodes: node });
  return date;
}

/** A 30th of February would become a day in March. */
function isDay(text: string): boolean {
  const [, day] = ISO.exec(text) ?? [];
  return day !== undefined && new Date(text.slice(0, 10)).getUTCDate() === Number(day);
}
