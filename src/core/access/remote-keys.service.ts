import { createRemoteJWKSet, customFetch, type FetchImplementation } from 'jose';
import { reasonOf } from '../../platform/errors/reason-of.js';
import { type Log } from '../../platform/logging/log.service.js';
import { unauthenticated } from './access.errors.js';

export type RemoteKeys = ReturnType<typeof createRemoteJWKSet>;

/** Whoever asks meanwhile waits no longer. */
const ANSWER_MS = 3_000;
const KEPT_MS = 10 * 60_000;
/** A key that is unknown has the set read again, but strangers who invent keys make us ask no more often than this. */
const UNKNOWN_KEY_PAUSE_MS = 5_000;
/** A set that could not be had is not asked for again before that, so that an outage there is no waiting here. */
const FAILURE_PAUSE_MS = 2_000;

/** The keys an identity provider publishes at `url`, kept for ten minutes. What cannot be had is logged, and UNAUTHENTICATED. */
export function remoteKeys(url: URL, log: Log): RemoteKeys {
  let pausedUntil = 0;
  const fetchKeys: FetchImplementation = async (address, options) => {
    if (Date.now() < pausedUntil) throw unauthenticated();
    try {
      const response = await fetch(address, options);
      if (response.status !== 200) throw new Error(`it answered ${response.status}`);
      return response;
    } catch (error) {
      pausedUntil = Date.now() + FAILURE_PAUSE_MS;
      log.warn('access.keys_unreachable', { reason: reasonOf((error as Error).cause ?? error) });
      throw unauthenticated();
    }
  };
  return createRemoteJWKSet(url, {
    timeoutDuration: ANSWER_MS,
    cacheMaxAge: KEPT_MS,
    cooldownDuration: UNKNOWN_KEY_PAUSE_MS,
    [customFetch]: fetchKeys,
  });
}
