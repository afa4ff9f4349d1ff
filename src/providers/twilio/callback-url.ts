import { ACTIVITY_PARAMETER } from '../../core/adapters/activity-parameter.js';
import { Channel } from '../../core/adapters/channel.js';

/** Twilio repeats nothing after a 5xx without it. Source: Twilio docs, Webhooks connection overrides. */
export const RETRY = '#rc=5&rp=all';

const PATHS = { [Channel.SMS]: 'sms', [Channel.WHATSAPP]: 'whatsapp', [Channel.VOICE]: 'voip' } as const;

/** Where Twilio tells what becomes of an activity of ours, and of which. */
export function callbackUrl(publicUrl: string, channel: keyof typeof PATHS, activityId: string): string {
  // Were there more than one, they would stand in alphabetical order: Twilio sorts some before it calls.
  return `${publicUrl}/api/webhooks/${PATHS[channel]}/twilio?${ACTIVITY_PARAMETER}=${encodeURIComponent(activityId)}${RETRY}`;
}
