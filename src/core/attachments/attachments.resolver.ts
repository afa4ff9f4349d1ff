import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { type GraphqlContext } from '../../platform/graphql/graphql-context.js';
import { loaderOf } from '../../platform/graphql/loader.js';
import { ActivityModel } from '../activities/activity.model.js';
import { AttachmentModel } from './attachment.model.js';
import { AttachmentsService } from './attachments.service.js';

const ATTACHMENTS = Symbol('attachments');

@Resolver(() => ActivityModel)
export class AttachmentsResolver {
  constructor(private readonly attachments: AttachmentsService) {}

  @ResolveField('attachments', () => [AttachmentModel])
  ofActivity(@Parent() activity: ActivityModel, @Context() context: GraphqlContext): Promise<AttachmentModel[]> {
    return loaderOf<string, AttachmentModel[]>(
      context,
      ATTACHMENTS,
      (ids) => this.attachments.ofActivities(ids) as Promise<ReadonlyMap<string, AttachmentModel[]>>,
      [],
    ).load(activity.id);
  }
}
