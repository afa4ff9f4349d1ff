import { isUuid } from '../../platform/database/uuid.js';
import { ACTIVITY_PARAMETER } from '../../core/adapters/activity-parameter.js';

/** Our own id in the query of a callback URL that we handed out, signed like the rest of the URL; undefined where there is none. */
export function ownActivityOf(url: string): string | undefined {
  const queryAt = url.indexOf('?');
  const id = queryAt < 0 ? null : new URLSearchParams(url.slice(queryAt)).get(ACTIVITY_PARAMETER);
  return id !== null && isUuid(id) ? id : undefined;
}
