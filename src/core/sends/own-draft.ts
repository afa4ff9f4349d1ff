import { type ActivityFacts, type DraftConsent, type JsonObject, type ProviderError } from '../adapters/activity-draft.js';
import { type ActivityStatus } from '../adapters/activity-status.js';
import { Channel, type Provider } from '../adapters/channel.js';
import { Origin } from '../adapters/origin.js';
import { type ActivityRow } from '../activities/activity-row.js';
import { type SourcedDraft } from '../activities/sourced-draft.js';
import { type SendOutcome } from '../adapters/outbound.js';

/** The activity of ours that something is said of. */
export interface OwnActivity {
  readonly activityId: string;
  readonly organizationId: string;
  readonly channel: Channel;
  readonly provider: Provider;
  readonly accountId: string;
  /** As it was last seen, where it is likely to be so still. */
  readonly activity?: ActivityRow | undefined;
}

/** What is said of it. `step` is unique in the activity, and its event's key. */
export interface OwnStep {
  readonly step: string;
  readonly status: ActivityStatus | null;
  readonly at: Date;
  readonly facts?: ActivityFacts;
  readonly html?: string;
  readonly error?: ProviderError;
  readonly metadata?: JsonObject;
  readonly consent?: DraftConsent;
  readonly externalId?: string;
  readonly reference?: string;
}

const keyOf = (step: string): string => `api/${step}`;
/** The key of the event by which a draft is one no more. */
export const APPROVED = keyOf('approved');

/** One event of an activity of ours, as the recorder takes it. */
export function ownDraft({ activityId, organizationId, channel, provider, accountId, activity }: OwnActivity, step: OwnStep): SourcedDraft {
  const { status, at, facts = {}, html, error = null, metadata = {}, consent, externalId = null, reference } = step;
  return {
    draft: {
      index: 0,
      channel,
      externalId,
      ...(reference !== undefined && { reference }),
      activityId,
      ours: [],
      facts,
      ...(html !== undefined && { html }),
      event: { key: keyOf(step.step), kind: 'STATUS', status, occurredAt: at, error, metadata },
      attachments: [],
      ...(consent && { consent }),
    },
    provider,
    accountId,
    servesOnly: undefined,
    own: organizationId,
    activity,
    origin: Origin.API,
    receivedAt: at,
    deliveryId: null,
  };
}

/** How an attempt ended, as an event. What was not sent has none: it is tried again. */
export function outcomeDraft(
  activity: OwnActivity & { readonly from: string; readonly to: string },
  outcome: Exclude<SendOutcome, { kind: 'NOT_SENT' }>,
  at: Date,
): SourcedDraft {
  const { channel, from, to } = activity;
  switch (outcome.kind) {
    case 'ACCEPTED': {
      const { externalId, reference } = outcome;
      const status = channel === Channel.VOICE ? 'QUEUED' : 'SENT';
      return ownDraft(activity, { step: 'accepted', status, at, externalId, ...(reference !== undefined && { reference }) });
    }
    case 'REFUSED': {
      const consent = outcome.optedOut ? { sender: from, address: to, optedOut: true } : undefined;
      return ownDraft(activity, { step: 'refused', status: 'FAILED', at, error: outcome.error, ...(consent && { consent }) });
    }
    case 'UNKNOWN':
      return ownDraft(activity, { step: 'unknown', status: 'UNKNOWN', at, metadata: { reason: outcome.reason } });
  }
}
