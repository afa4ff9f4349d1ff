import { Args, Context, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type GraphqlContext } from '../../platform/graphql/graphql-context.js';
import { loaderOf } from '../../platform/graphql/loader.js';
import { type Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import { ActivityModel } from '../activities/activity.model.js';
import { AttachmentModel } from './attachment.model.js';
import { AttachmentsService } from './attachments.service.js';

const ATTACHMENTS = Symbol('attachments');

@Resolver(() => ActivityModel)
export class AttachmentsResolver {
  constructor(private readonly attachments: AttachmentsService) {}

  @Query(() => AttachmentModel, {
    name: 'attachment',
    nullable: true,
    description: "With a fresh link. Null, with the error NOT_FOUND, for a stranger's as for none.",
  })
  one(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<AttachmentModel> {
    return this.attachments.one(actor, id);
  }

  @ResolveField('attachments', () => [AttachmentModel])
  ofActivity(@Parent() activity: ActivityModel, @Context() context: GraphqlContext): AttachmentModel[] | Promise<AttachmentModel[]> {
    if (activity.row.hasFiles === false) return [];
    return loaderOf<string, AttachmentModel[]>(context, ATTACHMENTS, (ids) => this.attachments.ofActivities(ids), []).load(activity.id);
  }
}
