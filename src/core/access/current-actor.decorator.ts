import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import { type GraphqlContext } from '../../platform/graphql/graphql-context.js';
import { unauthenticated } from './access.errors.js';
import { type Actor } from './actor.js';

/** Who asks: the first argument of every resolver. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = GqlExecutionContext.create(context).getContext<GraphqlContext>();
  if (!actor) throw unauthenticated();
  return actor as Actor;
});
