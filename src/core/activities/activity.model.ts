import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { PageInfoModel } from '../../platform/graphql/page-info.model.js';
import { JsonScalar } from '../../platform/graphql/json.scalar.js';
import { type JsonObject } from '../adapters/activity-draft.js';
import { ActivityStatus, EventKind } from '../adapters/activity-status.js';
import { Channel, Direction, Provider } from '../adapters/channel.js';
import { Origin } from '../adapters/origin.js';
import { CursorScalar } from '../feed/cursor.scalar.js';
import { type ActivityRow } from './activity-row.js';

registerEnumType(ActivityStatus, {
  name: 'ActivityStatus',
  description: `Where an activity stands. Messages: SCHEDULED QUEUED SENDING SENT DELIVERED READ RECEIVED UNDELIVERED FAILED CANCELED UNKNOWN.
Calls: QUEUED INITIATED RINGING ANSWERED COMPLETED BUSY NO_ANSWER FAILED CANCELED UNKNOWN.
Email: SCHEDULED QUEUED SENDING SENT PROCESSED DEFERRED DELIVERED OPENED CLICKED BOUNCED DROPPED SPAM_REPORT UNSUBSCRIBED RECEIVED FAILED CANCELED UNKNOWN.
DRAFT waits for a person's approval.`,
});
registerEnumType(EventKind, { name: 'EventKind' });
registerEnumType(Origin, {
  name: 'Origin',
  description:
    "How we learnt of it: our own send, a webhook, a message the owner wrote in the provider's own app, or our reconciliation with the provider's list.",
});

@ObjectType('ActivityError', {
  description: '`message` says what went wrong, `hint` what a person can do about it, in the language of Accept-Language (en, es).',
})
export class ActivityErrorModel {
  @Field()
  code!: string;

  @Field()
  message!: string;

  @Field(() => String, { nullable: true })
  hint!: string | null;

  @Field()
  retryable!: boolean;
}

@ObjectType('Milestone')
export class MilestoneModel {
  @Field(() => ActivityStatus)
  status!: ActivityStatus;

  @Field()
  at!: Date;
}

@ObjectType('Reaction')
export class ReactionModel {
  @Field()
  emoji!: string;

  @Field()
  from!: string;

  @Field()
  at!: Date;
}

@ObjectType('ActivityEvent')
export class ActivityEventModel {
  @Field(() => ID)
  id!: string;

  @Field(() => EventKind)
  kind!: EventKind;

  @Field(() => ActivityStatus, { nullable: true, description: 'Of a CREATED or STATUS event.' })
  status!: ActivityStatus | null;

  @Field()
  occurredAt!: Date;

  @Field({ description: 'True where the provider sent no time and ours stands in.' })
  occurredAtEstimated!: boolean;

  @Field()
  receivedAt!: Date;

  @Field(() => CursorScalar)
  cursor!: string;

  @Field(() => ActivityErrorModel, { nullable: true })
  error!: ActivityErrorModel | null;

  @Field(() => JsonScalar)
  metadata!: JsonObject;
}

@ObjectType('Activity', { description: 'One call, message or email (to one recipient), with everything its provider has said of it.' })
export class ActivityModel {
  /** What the fields are resolved from; no field itself. */
  row!: ActivityRow;

  @Field(() => ID)
  id!: string;

  @Field(() => ID)
  organizationId!: string;

  @Field(() => Channel)
  channel!: Channel;

  @Field(() => Direction)
  direction!: Direction;

  @Field(() => ActivityStatus)
  status!: ActivityStatus;

  @Field(() => Int, {
    description: "Grows with each event: of two copies keep the higher. A query's answer may be older than what the socket said.",
  })
  revision!: number;

  @Field(() => [MilestoneModel], {
    description:
      'Every status it has reached, with the first time of each: an email that was delivered, opened and then reported as spam says all three.',
  })
  milestones!: MilestoneModel[];

  @Field(() => Origin)
  origin!: Origin;

  @Field({ description: 'E.164 number, email address, or provider-scoped id. No `whatsapp:` prefix.' })
  from!: string;

  @Field()
  to!: string;

  @Field(() => String, { nullable: true })
  subject!: string | null;

  @Field(() => String, { nullable: true, description: 'Plain text; of an email, its text part or the text of its HTML.' })
  readonly body!: string | null | Promise<string | null>;

  @Field(() => Int, { nullable: true, description: 'Calls only, once completed.' })
  durationSeconds!: number | null;

  @Field(() => [ReactionModel])
  reactions!: ReactionModel[];

  @Field(() => Provider)
  provider!: Provider;

  @Field(() => String, { nullable: true, description: 'CallSid, MessageSid, WhatsApp message id, or SendGrid message id.' })
  externalId!: string | null;

  @Field({ description: 'When it happened, as the provider tells it; else when it was first heard of.' })
  occurredAt!: Date;

  @Field()
  createdAt!: Date;

  @Field()
  updatedAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When its contact was erased: it is a shell then, without addresses and content.' })
  erasedAt!: Date | null;

  @Field(() => CursorScalar, { description: 'Feed position at which it was created: pass it as `after` to continue from here.' })
  cursor!: string;

  @Field(() => ActivityErrorModel, { nullable: true })
  error!: ActivityErrorModel | null;

  @Field(() => JsonScalar, {
    description:
      'What the provider said that has no field here; what the sender attached to the send. Of a mail whom it had in copy: `cc`, and of ours `bcc`.',
  })
  metadata!: JsonObject;
}

@ObjectType('ActivityEdge')
export class ActivityEdgeModel {
  @Field()
  cursor!: string;

  @Field(() => ActivityModel)
  node!: ActivityModel;
}

@ObjectType('ActivityConnection', {
  description:
    'Relay connection; forward only; keyset; newest first, by `occurredAt` then `id`; `first` up to 200, more is BAD_USER_INPUT.',
})
export class ActivityConnectionModel {
  @Field(() => [ActivityEdgeModel])
  edges!: ActivityEdgeModel[];

  @Field(() => PageInfoModel)
  pageInfo!: PageInfoModel;

  @Field(() => CursorScalar, {
    description:
      "The feed's head in the same snapshot as the page (of an empty page too): subscribe with `after: feedCursor` and nothing falls between.",
  })
  feedCursor!: string;
}
