import { Context, ID, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { type GraphqlContext } from '../../platform/graphql/graphql-context.js';
import { loaderOf } from '../../platform/graphql/loader.js';
import { ActivityModel } from '../activities/activity.model.js';
import { Origin } from '../adapters/origin.js';
import { type SentBy } from './read-item.sql.js';
import { SentByService } from './sent-by.service.js';

const SENT_BY = Symbol('sentBy');

/** What an activity of ours has of the send it is part of. */
@Resolver(() => ActivityModel)
export class SentByResolver {
  constructor(private readonly sent: SentByService) {}

  @ResolveField('groupId', () => ID, { nullable: true, description: 'Joins the activities of one send to several recipients.' })
  async groupIdOf(@Parent() activity: ActivityModel, @Context() context: GraphqlContext): Promise<string | null> {
    const sent = await this.sentByOf(activity, context);
    return sent && sent.recipients > 1 ? sent.sendId : null;
  }

  @ResolveField('sentBy', () => String, { nullable: true, description: 'The label of the key, or the subject of the token, that sent it.' })
  async sentByOfActivity(@Parent() activity: ActivityModel, @Context() context: GraphqlContext): Promise<string | null> {
    return (await this.sentByOf(activity, context))?.sentBy ?? null;
  }

  @ResolveField('approvedBy', () => String, { nullable: true, description: 'Who approved the draft.' })
  async approvedByOf(@Parent() activity: ActivityModel, @Context() context: GraphqlContext): Promise<string | null> {
    return (await this.sentByOf(activity, context))?.approvedBy ?? null;
  }

  @ResolveField('idempotencyKey', () => String, {
    nullable: true,
    description:
      "Of our own sends: finds the optimistic row, also when the live item beats the mutation's answer. Null of the shell of an erased contact.",
  })
  async idempotencyKeyOf(@Parent() activity: ActivityModel, @Context() context: GraphqlContext): Promise<string | null> {
    // It may name whom the send was for.
    if (activity.erasedAt !== null) return null;
    return (await this.sentByOf(activity, context))?.idempotencyKey ?? null;
  }

  @ResolveField('sendAt', () => Date, {
    nullable: true,
    description: 'When what is SCHEDULED leaves, or a DRAFT would once it is approved; null where that is at once, and of all others.',
  })
  async sendAtOf(@Parent() activity: ActivityModel, @Context() context: GraphqlContext): Promise<Date | null> {
    const { status } = activity.row;
    const dueAt = status === 'SCHEDULED' || status === 'DRAFT' ? (await this.sentByOf(activity, context))?.dueAt : undefined;
    return dueAt && (status === 'SCHEDULED' || dueAt > new Date()) ? dueAt : null;
  }

  private async sentByOf({ row }: ActivityModel, context: GraphqlContext): Promise<SentBy | null> {
    if (row.origin !== Origin.API) return null;
    return loaderOf<string, SentBy | null>(context, SENT_BY, (ids) => this.sent.of(ids), null).load(row.id);
  }
}
