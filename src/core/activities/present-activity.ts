import { type ProviderError } from '../adapters/activity-draft.js';
import { type ErrorExplanation } from '../adapters/error-explanation.js';
import { type EventKind } from '../adapters/activity-status.js';
import { type FeedEvent } from '../feed/feed-entry.js';
import { type ActivityErrorModel, type ActivityEventModel, type ActivityModel, type ReactionModel } from './activity.model.js';
import { type ActivityRow } from './activity-row.js';
import { milestonesOf } from './milestones.js';

/** Makes a cursor of a position in an organization's feed. */
export type CursorOf = (organizationId: string, position: { seq: number; eventId: string | undefined }) => string;

/** Reads the body of an activity. */
export type BodyOf = (activityId: string) => Promise<string | null>;

/** An activity as clients see it. Its lists, its error and a large body are resolved where they are asked for. */
export function presentActivity(row: ActivityRow, cursorOf: CursorOf, bodyOf: BodyOf): ActivityModel {
  return {
    row,
    id: row.id,
    organizationId: row.organizationId,
    channel: row.channel,
    provider: row.provider,
    externalId: row.externalId,
    direction: row.direction,
    status: row.status,
    revision: row.revision,
    origin: row.origin,
    from: row.from,
    to: row.to,
    subject: row.subject,
    get body() {
      return row.isBodyLarge ? bodyOf(row.id) : row.body;
    },
    durationSeconds: row.durationSeconds,
    metadata: row.metadata,
    error: null,
    milestones: milestonesOf(row.channel, row.milestones),
    reactions: reactionsOf(row),
    occurredAt: new Date(row.occurredAt),
    createdAt: new Date(row.createdAt),
    updatedAt: new Date(row.updatedAt),
    erasedAt: row.erasedAt === null ? null : new Date(row.erasedAt),
    cursor: cursorOf(row.organizationId, { seq: row.createdSeq, eventId: row.createdEventId }),
  };
}

export function presentEvent(
  event: FeedEvent,
  cursorOf: CursorOf,
  explain: (error: ProviderError) => ActivityErrorModel,
): ActivityEventModel {
  const { id, kind, status, occurredAt, occurredAtEstimated, receivedAt, error, metadata, organizationId, seq } = event;
  return {
    id,
    // What is no activity's event is never presented as one.
    kind: kind as EventKind,
    status,
    occurredAt,
    occurredAtEstimated,
    receivedAt,
    metadata,
    error: error && explain(error),
    cursor: cursorOf(organizationId, { seq, eventId: id }),
  };
}

/** Plain words where there are any, with the provider's own behind them; else those alone, else its code. */
export function presentError(error: ProviderError, explanation: ErrorExplanation | undefined, language: 'en' | 'es'): ActivityErrorModel {
  const unexplained =
    language === 'es' ? `El proveedor respondió con el error ${error.code}.` : `The provider answered with error ${error.code}.`;
  return {
    code: error.code,
    message: explanation
      ? [explanation.message[language], error.message && `(${error.message})`].filter(Boolean).join(' ')
      : (error.message ?? unexplained),
    hint: explanation?.hint[language] ?? null,
    retryable: explanation?.retryable ?? false,
  };
}

function reactionsOf(row: ActivityRow): ReactionModel[] {
  return Object.entries(row.reactions)
    .flatMap(([from, [emoji, at]]) => (emoji === null ? [] : [{ from, emoji, at: new Date(at) }]))
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}
